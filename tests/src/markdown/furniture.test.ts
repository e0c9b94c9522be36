import { describe, expect, test } from 'vitest'
import { compileLesson } from './lesson-compiler.ts'

const OPTION = '<Option>\n아니오\n\n<Reason>틀린 까닭</Reason>\n</Option>'
const CORRECT = OPTION.replace('<Option>', '<Option correct>')

describe('what stops the build, naming file and line', () => {
  test.each([
    ['<Rfc section="5.99" />', 'RFC 6455 has no section 5.99'],
    ['<Rfc section="5.2" number="9999" />', 'RFC 9999 is not in rfc-sections.json'],
    ['<Rfc />', 'needs section="…"'],
    ['<Rfc section={5} />', '"section" needs a text in quotes'],
    ['<Rfc {...x} />', 'spread attributes cannot be checked'],
    [
      '<Term of="websockets">웹소켓</Term>',
      'glossary.ts has no term "websockets"; did you mean "websocket"?',
    ],
    ['<Note>글</Note>', 'needs title="…"'],
    ['<Note title="">글</Note>', '"title" needs a text in quotes'],
    ['<Note title="a" color="red">글</Note>', 'has no attribute "color" (it has title)'],
    ['<Fig of="nowhere" />', 'this lesson has no figure="nowhere"'],
    ['<Plate figure="Not Kebab" title="t">글</Plate>', 'has to be kebab-case'],
    ['<Plate figure="a" title="t" wide="yes">글</Plate>', '"wide" takes no value'],
    ['<Plate figure="a" title="t">글</Plate>\n\n<Chart figure="a" />', 'figure="a" is used twice'],
    [`<Quiz id="q">\n질문\n\n${OPTION}\n\n${OPTION}\n</Quiz>`, 'has 0 correct options, expected one'],
    [`<Quiz id="q">\n질문\n\n${CORRECT}\n\n${CORRECT}\n</Quiz>`, 'has 2 correct options, expected one'],
    [`<Quiz id="q">\n질문\n\n${CORRECT}\n</Quiz>`, 'needs at least 2 <Option> in it'],
    [`<Quiz id="q">\n\n${CORRECT}\n\n${OPTION}\n</Quiz>`, 'asks nothing'],
    [`<Quiz id="q">\n질문\n\n${CORRECT}\n\n<Option>\n예\n</Option>\n</Quiz>`, 'needs one <Reason> in it'],
    [`<Quiz id="Q 1">\n질문\n\n${CORRECT}\n\n${OPTION}\n</Quiz>`, 'id="Q 1" has to be kebab-case'],
    [OPTION, 'has to stand directly in <Quiz>'],
    ['<Predict id="p">\n질문\n</Predict>', 'needs either unit="…"'],
    ['<Predict id="p" unit="바이트">\n\n</Predict>', 'asks nothing'],
    [
      '<Predict id="p">\n질문\n\n<Choice value="a">가</Choice>\n<Choice value="a">나</Choice>\n</Predict>',
      'has two choices of the same value',
    ],
    ['<Prediction of="p">글</Prediction>', 'no <Predict id="p"> stands before it'],
    [
      '<Predict id="p" unit="개">\n질문\n</Predict>\n\n<Predict id="p" unit="개">\n질문\n</Predict>',
      'id="p" is used twice in this lesson',
    ],
  ])('%s', async (source, problem) => {
    const compiling = compileLesson(`첫 줄\n\n${source}`)
    await expect(compiling).rejects.toThrow(problem)
    await expect(compiling).rejects.toThrow(/01-handshake\.mdx:\d+: </)
  })

  test('the line is the one the author wrote it on', async () => {
    await expect(compileLesson('하나\n\n둘 <Rfc section="0" />\n')).rejects.toThrow(
      '01-handshake.mdx:3: <Rfc>',
    )
  })

  test('a figure in a file that is no lesson of the course', async () => {
    const path = '/course/src/content/lessons/02-anatomy/02-handshake.mdx'
    await expect(compileLesson('<Chart figure="a" />', { path })).rejects.toThrow(
      'course.ts has "handshake" at 2-1',
    )
  })
})

describe('figures', () => {
  test('are numbered in reading order by part, lesson and place, labs and plates alike', async () => {
    const code = await compileLesson(
      '<Fig of="second" />을 봅니다.\n\n<Chart figure="first" />\n\n<Plate figure="second" title="t">글</Plate>',
    )
    expect(code).toMatch(/figure: "first",\s+number: "그림 2-1-1"/)
    expect(code).toMatch(/figure: "second",\s+title: "t",\s+number: "그림 2-1-2"/)
    expect(code).toMatch(/of: "second",\s+number: "그림 2-1-2"/)
  })
})

describe('arranging', () => {
  test('a note goes into one box with the paragraph before it', async () => {
    const code = await compileLesson('설명합니다.\n\n<Note title="용어">뜻</Note>')
    expect(code).toContain('annotated')
    expect(code.indexOf('"용어"')).toBeLessThan(code.indexOf('설명합니다.'))
  })

  test('question and reason go into slots, and choices share a name', async () => {
    const code = await compileLesson(
      `<Quiz id="q">\n질문\n\n${CORRECT}\n\n${OPTION}\n</Quiz>\n\n` +
        '<Predict id="p">\n질문\n\n<Choice value="a">가</Choice>\n<Choice value="b">나</Choice>\n</Predict>',
    )
    expect(code.match(/slot: "question"/g)).toHaveLength(2)
    expect(code.match(/slot: "reason"/g)).toHaveLength(2)
    expect(code.match(/name: "predict-p"/g)).toHaveLength(2)
  })
})
