import { describe, expect, test } from 'vitest'
import { compileLesson } from './lesson-compiler.ts'

const TABS = (tabs: string): string => `<Tabs label="언어">\n${tabs}\n</Tabs>`
const TAB = (label: string): string => `<Tab label="${label}">\n\n글\n\n</Tab>`
const SEQUENCE = (parts: string, more = ''): string =>
  `<Sequence figure="s" title="t" caption="c"${more}>\n${parts}\n</Sequence>`
const MESSAGE = '<Message from="브라우저" label="핑" />'
const MACHINE = (transitions: string, states = 'A, B'): string =>
  `<StateMachine figure="m" title="t" caption="c" states="${states}">\n${transitions}\n</StateMachine>`
const A_TO_B = '<Transition from="A" to="B">까닭</Transition>'

/** What an author may write, and what is said of it. */
const WRONG: readonly (readonly [source: string, problem: string])[] = [
  [TABS(TAB('TypeScript')), '<Tabs> needs at least 2 <Tab> in it'],
  [TABS(`${TAB('가')}\n${TAB('가')}`), '<Tabs> has two tabs named "가"'],
  [
    TABS(`${TAB('가')}\n${TAB('나')}\n<Note title="t">글</Note>`),
    '<Note> stands in <Tabs> outside its <Tab>s',
  ],
  [TABS(`${TAB('가')}\n\n글\n\n${TAB('나')}`), '<Tabs> has text in it that it would not draw (line 10)'],
  [TAB('가'), '<Tab> has to stand directly in <Tabs>'],
  [SEQUENCE('<Moment at="서버">글</Moment>'), '<Sequence> needs at least 1 <Message> in it'],
  [
    SEQUENCE('<Message from="프록시" label="핑" />'),
    'from="프록시" is not among the parties (브라우저, 서버)',
  ],
  [SEQUENCE('<Message from="서버" to="서버" label="핑" />'), 'goes from a party to itself'],
  [SEQUENCE(MESSAGE, ' parties="브라우저, 프록시, 서버"'), '<Message> needs to="…"'],
  [SEQUENCE(MESSAGE, ' parties="브라우저"'), 'has 1 names, expected 2 to 4'],
  [SEQUENCE(MESSAGE, ' parties="가, 가"'), 'names "가" twice'],
  [
    SEQUENCE('<Message from="브라우저" label="핑" tone="loud" />'),
    'tone="loud": expected "control" or "fault"',
  ],
  [SEQUENCE(`${MESSAGE}\n<Moment at="위">글</Moment>`), 'at="위" is not among the parties'],
  [SEQUENCE(`${MESSAGE}\n<Moment at="서버"></Moment>`), '<Moment> says nothing'],
  [SEQUENCE(`${MESSAGE}\n<Pause></Pause>`), '<Pause> says nothing'],
  [SEQUENCE(`${MESSAGE}\n<Client>글</Client>`), '<Client> does not belong in a <Sequence>'],
  ['<Message from="서버" label="핑" />', '<Message> has to stand directly in <Sequence>'],
  [MACHINE('<Transition from="A" to="C">까닭</Transition>'), 'to="C" is not among the states (A, B)'],
  [MACHINE('<Transition from="A" to="B"></Transition>'), '<Transition> says nothing'],
  [
    MACHINE('<Transition from="A" to="B" by="proxy">까닭</Transition>'),
    'by="proxy": expected "client" or "server"',
  ],
  [MACHINE(A_TO_B, 'A'), 'needs at least two names'],
  [MACHINE(A_TO_B, 'A, B, B'), 'names "B" twice'],
  [MACHINE(A_TO_B, 'A, B, C'), 'no <Transition> leads to "C"'],
  [MACHINE(A_TO_B, `A, B, ${'ㄱ'.repeat(20)}`), 'is too long for its box'],
  [MACHINE(`${A_TO_B}\n<Client>글</Client>`), '<Client> does not belong in a <StateMachine>'],
]

describe('what stops the build, naming file and line', () => {
  test.each(WRONG.map(([source, problem]) => [problem, source]))('%s', async (problem, source) => {
    const compiling = compileLesson(`첫 줄\n\n${source}`)
    await expect(compiling).rejects.toThrow(problem)
    await expect(compiling).rejects.toThrow(/01-handshake\.mdx:\d+: </)
  })

  test('the line is that of the part, not of the figure', async () => {
    const wrong = '<Message from="아무개" label="핑" />'
    await expect(compileLesson(SEQUENCE(`${MESSAGE}\n${wrong}`))).rejects.toThrow(
      '01-handshake.mdx:3: <Message> from="아무개"',
    )
  })
})

describe('composing', () => {
  test('a sequence gives its parts their lifelines', async () => {
    const code = await compileLesson(
      SEQUENCE(
        '<Message from="서버" to="브라우저" label="퐁" />\n<Moment at="프록시">글</Moment>',
        ' parties="브라우저, 프록시, 서버"',
      ),
    )
    expect(code).toMatch(/start: "2",\s+end: "0",\s+receiver: "브라우저"/)
    expect(code).toMatch(/place: "1",\s+last: "2"/)
    expect(code).toContain('drawn: "[\\"브라우저\\",\\"프록시\\",\\"서버\\"]"')
  })

  test('of two parties the other one receives', async () => {
    expect(await compileLesson(SEQUENCE('<Message from="서버" label="퐁" />'))).toContain(
      'receiver: "브라우저"',
    )
  })

  test('transitions are numbered as they are written, and figures as all others', async () => {
    const code = await compileLesson(
      MACHINE(`${A_TO_B}\n<Transition from="B" to="A" fault>까닭</Transition>`),
    )
    expect(code).toMatch(/order: "1"[\s\S]*order: "2"/)
    expect(code).toContain('number: "그림 2-1-1"')
    expect(code).toContain('{\\"from\\":1,\\"to\\":0,\\"tone\\":\\"fault\\"}')
  })
})
