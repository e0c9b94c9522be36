import { describe, expect, test } from 'vitest'
import { compileLesson } from './lesson-compiler.ts'

describe('Korean emphasis', () => {
  test.each([
    ['**프레임(frame)**은 바이트를 나릅니다.', '프레임(frame)'],
    ['그 이름은 **“핸드셰이크”**입니다.', '“핸드셰이크”'],
    ['값은 **101**이고,', '101'],
    ['헤더 **`Upgrade`**를 봅니다.', 'Upgrade'],
  ])('%s is bold', async (source, bold) => {
    const code = await compileLesson(source)
    expect(code).toContain('strong')
    expect(code).toContain(bold)
    expect(code).not.toContain('**')
  })

  test('quotes and dashes stay what the author typed, for they may be bytes', async () => {
    const code = await compileLesson(`'"--..."' 입니다.`)
    expect(code).toContain(JSON.stringify(`'"--..."' 입니다.`))
  })
})

describe('code', () => {
  test.each(['http', 'ts', 'js', 'py', 'sh', 'json', 'html', 'hex'])(
    '%s is highlighted by classes, without style attributes',
    async language => {
      const code = await compileLesson(`\`\`\`${language}\nGET / HTTP/1.1 # 1 "a" ; c\n\`\`\``)
      expect(code).toContain('"figure"')
      expect(code).toContain(language === 'http' || language === 'html' ? 'line' : 'token-')
      expect(code).not.toMatch(/\bstyle:/)
    },
  )

  test('a title becomes the caption and named lines are marked', async () => {
    const code = await compileLesson('```ts title="server.ts" {2-3}\na\nb\nc\nd\n```')
    expect(code).toContain('"figcaption"')
    expect(code).toContain('server.ts')
    expect(code.match(/line marked/g)).toHaveLength(2)
  })

  test('bytes carry direction, offset and comment', async () => {
    const code = await compileLesson('```hex\n0000: 81 05 ; 텍스트\n> 81\n< 88\n```')
    for (const token of ['token-comment', 'token-constant', 'token-inserted', 'token-deleted'])
      expect(code).toContain(token)
  })

  test('an unknown language stops the build, naming file and line', async () => {
    await expect(compileLesson('글\n\n```cobol\nADD\n```')).rejects.toThrow(
      /01-handshake\.mdx:3: code in "cobol"/,
    )
  })
})

describe('links', () => {
  test('from the root of the site get the path it is deployed under', async () => {
    const code = await compileLesson('[핸드셰이크](/lessons/handshake/)', { base: '/ws/course/' })
    expect(code).toContain('"/ws/course/lessons/handshake/"')
  })

  test('to elsewhere are left alone', async () => {
    const code = await compileLesson('[a](https://a.example/b) [c](#c) [d](//d.example/)', { base: '/x' })
    for (const href of ['"https://a.example/b"', '"#c"', '"//d.example/"']) expect(code).toContain(href)
  })

  test('headings end with a link to themselves', async () => {
    expect(await compileLesson('## 두 바이트')).toContain('"#두-바이트"')
  })
})
