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

  test('added and removed lines are ins and del, and may be marked besides', async () => {
    const code = await compileLesson('```ts title="a.ts" del={1} ins={2-3} {3}\na\nb\nc\nd\n```')
    expect(code.match(/_components\.ins, \{/g)).toHaveLength(2)
    expect(code.match(/_components\.del, \{/g)).toHaveLength(1)
    expect(code.match(/line marked/g)).toHaveLength(1)
  })

  test('has a button to copy it that says what it copies, hidden until a script can', async () => {
    const code = await compileLesson('```py\nx = 1\n```')
    expect(code).toMatch(/"code-copy",\s+type: "button",\s+hidden: true/)
    expect(code).toContain('"Python "')
    expect(code).toContain('복사하기')
  })

  test('takes the margin too when its lines are long, Hangul counting twice', async () => {
    expect(await compileLesson(`\`\`\`ts\n${'a'.repeat(68)}\n\`\`\``)).not.toContain('code wide')
    expect(await compileLesson(`\`\`\`ts\n${'a'.repeat(69)}\n\`\`\``)).toContain('code wide')
    expect(await compileLesson(`\`\`\`ts\n${'가'.repeat(35)}\n\`\`\``)).toContain('code wide')
  })

  test.each([
    ['{3}', 'code has no lines {3}: it has 2'],
    ['ins={0}', 'code has no lines {0}'],
    ['del={2-1}', 'code has no lines {2-1}'],
    ['title=server.ts', 'code says title=server.ts, expected'],
    ['add={1}', 'code says add={1}, expected'],
    ['{1} wide', 'code says wide, expected'],
  ])('%s after the language stops the build, naming file and line', async (meta, problem) => {
    const compiling = compileLesson(`글\n\n\`\`\`ts ${meta}\na\nb\n\`\`\``)
    await expect(compiling).rejects.toThrow(problem)
    await expect(compiling).rejects.toThrow('01-handshake.mdx:3: ')
  })

  test('sets words among the operators apart, not signs', async () => {
    const code = await compileLesson('```ts\nconst a = new B()\n```')
    expect(code).toMatch(/"token-keyword",\s+children: " ?new"/)
    expect(code).toMatch(/"token-punctuation",\s+children: " ?="/)
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

describe('code in a sentence', () => {
  test('stays in one piece when it is short', async () => {
    expect(await compileLesson('헤더 `Sec-WebSocket-Key`입니다.')).toContain('"whole"')
    expect(await compileLesson(`값은 \`${'a'.repeat(25)}\`입니다.`)).not.toContain('"whole"')
  })

  test('is not what stands in a block', async () => {
    expect(await compileLesson('```ts\na\n```')).not.toContain('"whole"')
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
