import { describe, expect, test } from 'vitest'
import { compileLesson } from './lesson-compiler.ts'

const option = (text: string, flags = '') =>
  `<Option${flags}>\n${text}\n\n<Reason>${text}인 까닭</Reason>\n</Option>`
const OPTION = option('아니오')
const CORRECT = option('예', ' correct')
const step = (text: string) => `<Step>\n${text}\n\n<Reason>${text}인 까닭</Reason>\n</Step>`
const STEPS = ['하나', '둘', '셋'].map(step).join('\n\n')
const quiz = (content: string, attributes = 'id="q"') => `<Quiz ${attributes}>\n질문\n\n${content}\n</Quiz>`
const short = (answers: string, attributes = 'id="s"') =>
  `<ShortAnswer ${attributes}>\n질문\n\n${answers}\n</ShortAnswer>`
const RIGHT = '<Accept is="101">까닭</Accept>'
const order = (content: string) => `<PutInOrder id="o">\n질문\n\n${content}\n</PutInOrder>`
const find = (attributes: string, content = '질문\n\n<Reason>까닭</Reason>') =>
  `<FindBytes id="f" ${attributes}>\n${content}\n</FindBytes>`
const CLOSE_FRAME = 'of="first-connection" frame="client.1"'
const NUMBER = '<Predict id="p" unit="개">\n질문\n</Predict>'
const CHOICE =
  '<Predict id="p">\n질문\n\n<Choice value="a">가</Choice>\n<Choice value="b">나</Choice>\n</Predict>'

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
    [quiz(`${OPTION}\n\n${option('몰라')}`), 'has 0 correct options, expected one'],
    [quiz(`${CORRECT}\n\n${option('네', ' correct')}`), 'has 2 correct options, expected one'],
    [
      quiz(`${OPTION}\n\n${option('몰라')}`, 'id="q" multiple'),
      'has 0 correct options, expected one or more',
    ],
    [quiz(`${CORRECT}\n\n${OPTION}`, 'id="q" multiple="yes"'), '"multiple" takes no value'],
    [quiz(CORRECT), 'needs at least 2 <Option> in it'],
    [quiz(`${CORRECT}\n\n${OPTION}\n\n${OPTION}`), 'says the same as one before it'],
    [quiz(`${CORRECT}\n\n<Option>\n<Reason>까닭</Reason>\n</Option>`), '<Option> says nothing'],
    [`<Quiz id="q">\n\n${CORRECT}\n\n${OPTION}\n</Quiz>`, 'asks nothing'],
    [quiz(`${CORRECT}\n\n<Option>\n예\n</Option>`), 'needs one <Reason> in it'],
    [quiz(`${CORRECT}\n\n${OPTION}`, 'id="Q 1"'), 'id="Q 1" has to be kebab-case'],
    [
      quiz(`${CORRECT}\n\n${OPTION}`, 'id="q" section="없는 절"'),
      'no section is called "없는 절" (there are 첫 절)',
    ],
    [OPTION, 'has to stand directly in <Quiz>'],
    [short(''), 'needs at least 1 <Accept> in it'],
    [short('<Accept>까닭</Accept>'), 'needs is="…", or of="…" and value="…" of a recording'],
    [short('<Accept is="101" />'), '<Accept> says nothing'],
    [short(`${RIGHT}\n<Wrong is="200" />`), '<Wrong> says nothing'],
    [short(`${RIGHT}\n<Wrong>까닭</Wrong>`), 'needs is="…"'],
    [short(`${RIGHT}\n<Wrong is=" | ">까닭</Wrong>`), 'holds no form of an answer'],
    [short('<Accept is="웹소켓 | 웹 소켓">까닭</Accept>'), '"웹 소켓" is the same answer as "웹소켓"'],
    [short(`<Accept is="GET">가</Accept>\n<Wrong is="get">나</Wrong>`), '"get" is the same answer as "GET"'],
    [short('<Accept is="백일">까닭</Accept>', 'id="s" number'), '"백일" is no number'],
    [
      short('<Accept is="1,024">가</Accept>\n<Wrong is="0x400">나</Wrong>', 'id="s" number'),
      '"0x400" is the same answer as "1,024"',
    ],
    [
      short('<Accept of="first-connection" value="client.frame.9.length">까닭</Accept>'),
      'recording "first-connection" has no "client.frame.9.length"',
    ],
    [
      short('<Accept of="first-connection" value="client.frame.0.length" is="13">까닭</Accept>'),
      'is "12" in recording "first-connection", the lesson says "13"',
    ],
    [short('<Accept of="nowhere" value="request.length">까닭</Accept>'), 'there is no recording "nowhere"'],
    ['<Accept is="1">까닭</Accept>', 'has to stand directly in <ShortAnswer>'],
    [order([step('하나'), step('둘')].join('\n\n')), 'needs at least 3 <Step> in it'],
    [order(`${STEPS}\n\n${step('둘')}`), 'says the same as one before it'],
    [order(STEPS.replace('<Reason>둘인 까닭</Reason>', '')), 'needs one <Reason> in it'],
    [find(CLOSE_FRAME), 'needs span="…"'],
    [
      find(`${CLOSE_FRAME} span="extended-length"`),
      'recording "first-connection" has no span "extended-length" there (it has fin, rsv1,',
    ],
    [find('of="first-connection" span="fin"'), 'needs either frame="…" or side="…"'],
    [find(`${CLOSE_FRAME} side="request" span="fin"`), 'needs either frame="…" or side="…"'],
    [find('of="first-connection" frame="server.9" span="fin"'), 'has no frame "server.9"'],
    [find('of="first-connection" side="answer" span="end"'), 'has no "answer"'],
    [find('of="handshake" side="request" span="end"'), 'more than 256: give from="…" and to="…"'],
    [
      find('of="handshake" side="response" span="end" to="field:upgrade:value"'),
      'span "end" lies outside of from="…" and to="…"',
    ],
    [find('of="handshake" side="response" span="end" from="nowhere"'), 'has no span "nowhere" there'],
    [find(`${CLOSE_FRAME} span="fin"`, '<Reason>까닭</Reason>'), 'asks nothing'],
    [find(`${CLOSE_FRAME} span="fin"`, '질문'), 'needs one <Reason> in it'],
    ['<Predict id="p">\n질문\n</Predict>', 'needs either unit="…"'],
    ['<Predict id="p" unit="바이트">\n\n</Predict>', 'asks nothing'],
    [
      '<Predict id="p">\n질문\n\n<Choice value="a">가</Choice>\n<Choice value="a">나</Choice>\n</Predict>',
      'has two choices of the same value',
    ],
    ['<Prediction of="p">글</Prediction>', 'no <Predict id="p"> stands before it'],
    [NUMBER, 'no <Prediction of="p"> tells how it turned out'],
    [`${NUMBER}\n\n${NUMBER}`, 'id="p" is used twice in this lesson'],
    [`${NUMBER}\n\n${quiz(`${CORRECT}\n\n${OPTION}`, 'id="p"')}`, 'id="p" is used twice in this lesson'],
    [
      `${NUMBER}\n\n<Prediction of="p" value="client.frame.0.length">글</Prediction>`,
      'needs recording="…" and value="…" together',
    ],
    [
      `${NUMBER}\n\n<Prediction of="p" recording="first-connection" value="client.frame.9.length">글</Prediction>`,
      'has no "client.frame.9.length"',
    ],
    [
      `${NUMBER}\n\n<Prediction of="p" recording="first-connection" value="client.frame.0.length" lab="x">글</Prediction>`,
      'this lesson has no <Lab name="x">',
    ],
    [
      `${CHOICE}\n\n<Prediction of="p" answer="c">글</Prediction>`,
      'answer="c" is no choice of its prediction (a, b)',
    ],
    [
      `${NUMBER}\n\n<Prediction of="p" answer="c">글</Prediction>`,
      'is no choice of its prediction (a number)',
    ],
    [
      `${CHOICE}\n\n<Prediction of="p" recording="first-connection" value="client.frame.0.length">글</Prediction>`,
      'compares a choice with a recorded value',
    ],
    [
      '<Lab name="handshake" figure="l" title="t" caption="c" recording="handshake" />\n\n<Mission id="nine-bytes" title="t" lab="handshake">\n<Hint>가</Hint>\n<Solution>다</Solution>\n<Hint>나</Hint>\n</Mission>',
      'has to end with its <Solution>',
    ],
    [
      '<Mission id="nine-bytes" title="t" lab="handshake">\n<Hint>가</Hint>\n<Hint>나</Hint>\n<Solution>다</Solution>\n</Mission>',
      'this lesson has no <Lab name="handshake">',
    ],
  ])('%s', async (source, problem) => {
    const compiling = compileLesson(`## 첫 절\n\n${source}`)
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
      `${quiz(`${CORRECT}\n\n${OPTION}`)}\n\n${CHOICE}\n\n<Prediction of="p">글</Prediction>`,
    )
    expect(code.match(/slot: "question"/g)).toHaveLength(2)
    expect(code.match(/slot: "reason"/g)).toHaveLength(2)
    expect(code.match(/name: "predict-p"/g)).toHaveLength(2)
  })

  test('questions of every kind are counted together, and hints in their mission', async () => {
    const frontmatter: Record<string, unknown> = { missions: 1 }
    const code = await compileLesson(
      [
        '<Lab name="handshake" figure="lab" title="t" caption="c" recording="handshake" />',
        quiz(`${CORRECT}\n\n${OPTION}`),
        short(RIGHT),
        order(STEPS),
        find(`${CLOSE_FRAME} span="close-code"`),
        '<Mission id="nine-bytes" title="t" lab="handshake">\n<Hint>가</Hint>\n<Hint>나</Hint>\n<Solution>다</Solution>\n</Mission>',
      ].join('\n\n'),
      { frontmatter },
    )
    expect([...code.matchAll(/order: "(\d)"/g)].map(match => match[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '1',
      '2',
    ])
    expect(frontmatter['outline']).toEqual({ questions: ['q', 's', 'o', 'f'], missions: ['nine-bytes'] })
  })

  test('an accepted answer that stands in a recording is read from there', async () => {
    const code = await compileLesson(
      short('<Accept of="first-connection" value="client.frame.0.length">까닭</Accept>', 'id="s" number'),
    )
    expect(code).toMatch(/value: "client.frame.0.length",\s+is: "12"/)
  })

  test('a question leads to the section that answers it', async () => {
    const code = await compileLesson(
      `## 요청을 \`한\` 줄씩\n\n글\n\n${quiz(`${CORRECT}\n\n${OPTION}`, 'id="q" section="요청을 한 줄씩"')}`,
    )
    expect(code).toContain('anchor: "요청을-한-줄씩"')
  })
})

describe('what an answer is remembered by', () => {
  const keysIn = (code: string) => [...code.matchAll(/fingerprint: "(k[0-9a-z]+)"/g)].map(match => match[1])
  const asked = (...options: string[]) => compileLesson(quiz(options.join('\n\n')))

  test('is what the option says: the same wherever it stands, another when it says something else', async () => {
    const before = keysIn(await asked(CORRECT, OPTION))
    const moved = keysIn(await asked(option('하나 더'), OPTION, CORRECT))
    const reworded = keysIn(await asked(CORRECT, option('아닙니다')))
    expect(new Set(before).size).toBe(2)
    expect(moved.slice(1)).toEqual([before[1], before[0]])
    expect(reworded[0]).toBe(before[0])
    expect(reworded[1]).not.toBe(before[1])
  })

  test('steps begin in an order of their own, the same in every build and never the right one', async () => {
    const words = ['가', '나', '다', '라', '마']
    for (let count = 3; count <= words.length; count++) {
      const source = order(words.slice(0, count).map(step).join('\n\n'))
      const code = await compileLesson(source)
      const places = [...code.matchAll(/place: "(\d)"/g)].map(match => Number(match[1]))
      expect(places.toSorted((a, b) => a - b)).toEqual(places.map((_, index) => index + 1))
      expect(places).not.toEqual(places.map((_, index) => index + 1))
      expect(await compileLesson(source)).toBe(code)
    }
  })
})

describe('the number of missions', () => {
  test('in the frontmatter has to be how many there are', async () => {
    await expect(compileLesson('글', { frontmatter: { missions: 1 } })).rejects.toThrow(
      '01-handshake.mdx:1: missions: 1 in the frontmatter, but 0 <Mission>',
    )
  })
})
