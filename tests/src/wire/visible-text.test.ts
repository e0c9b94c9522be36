import { expect, test } from 'vitest'
import { quotedText, visibleText } from '../../../src/wire/visible-text.ts'

test.each([
  ['a right-to-left override', 'abc\u202edef', 'abc⟨U+202E⟩def'],
  ['isolates and marks', '\u2066a\u2069\u200f\u061c', '⟨U+2066⟩a⟨U+2069⟩⟨U+200F⟩⟨U+061C⟩'],
  ['what has no width', 'a\u200bb\ufeff\u00ad', 'a⟨U+200B⟩b⟨U+FEFF⟩⟨U+00AD⟩'],
  ['separators of lines', 'a\u2028b\u2029c\u0085', 'a⟨U+2028⟩b⟨U+2029⟩c⟨U+0085⟩'],
  ['control characters', '\0\t\r\n\u001b[31m\u007f', '␀␉␍␊␛[31m␡'],
  ['half a surrogate pair', 'a\ud83d', 'a⟨U+D83D⟩'],
  ['a tag character', '\u{e0041}', '⟨U+E0041⟩'],
])('%s is shown', (_what, text, shown) => {
  expect(visibleText(text)).toBe(shown)
})

test.each(['안녕하세요', 'שלום', '👩\u200d👩\u200d👧', 'می\u200cخواهم', 'é é', '🇰🇷'])(
  '%s stays as it is',
  text => {
    expect(visibleText(text)).toBe(text)
  },
)

test('text from right to left is quoted in isolation, any other as it is', () => {
  expect(quotedText('안녕\n')).toBe('“안녕␊”')
  expect(quotedText('שלום')).toBe('“\u2068שלום\u2069”')
})
