import { expect, test } from 'vitest'
import { FACES, fontFaceRule, unicodeRange } from '../../site-build/faces.ts'

test('a unicode-range names runs by their ends, sorted, each character once', () => {
  expect(unicodeRange('나가각간가😀A')).toBe('U+41, U+AC00-AC01, U+AC04, U+B098, U+1F600')
})

test('a rule without characters covers whatever no later rule names', () => {
  const [face] = FACES
  if (!face) throw new Error('there are no faces')
  expect(fontFaceRule(face, 'core.woff2')).not.toContain('unicode-range')
  expect(fontFaceRule(face, 'own.woff2', '가')).toContain('unicode-range: U+AC00;')
})
