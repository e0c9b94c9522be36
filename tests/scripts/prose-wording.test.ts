import { ESLint } from 'eslint'
import { beforeAll, expect, test } from 'vitest'

let eslint: ESLint

beforeAll(() => {
  eslint = new ESLint({
    // The samples are not files of the project, so the rules that ask the type checker are left out.
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: { parserOptions: { projectService: false, project: false, program: null } },
      },
    ],
    ruleFilter: ({ ruleId }) => ruleId === 'prose/wording',
  })
})

async function faults(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file })
  return result?.messages.map(({ line, message }) => `${line}: ${message}`) ?? []
}

test.each([
  [
    'src/sample.ts',
    `// first\nexport const a = '핸드쉐이크가 끝났습니다.'`,
    '2: write “핸드셰이크”, not “핸드쉐이크”',
  ],
  [
    'src/sample.ts',
    'export const a = (n: number) => `${n}개를\n그냥 보냅니다.`',
    '2: “그냥” is not for our own voice',
  ],
  ['words/ko/sample.ts', `export const a = '하위 프로토콜을 고릅니다.'`, '1: write “서브프로토콜”'],
  ['sandbox-server/sample.ts', `export const a = '당신의 연결'`, '1: write “내 …”'],
  ['src/Sample.svelte', `<p>\n  웹 소켓을 엽니다.\n</p>\n`, '2: write “웹소켓”, not “웹 소켓”'],
  ['src/Sample.svelte', `<p title="조각화">가</p>\n`, '1: write “단편화”, not “조각화”'],
  ['src/Sample.svelte', `<p>{a ? '쉽게' : ''}</p>\n`, '1: “쉽게”'],
  [
    'src/Sample.astro',
    `---\nconst a = 1\n---\n<p>\n  규칙은 RFC 6455 §5.9에 있습니다. {a}\n</p>\n`,
    '5: RFC 6455 has no section 5.9',
  ],
])('%s: what readers would see is reported with its line', async (file, code, expected) => {
  expect(await faults(file, code)).toEqual([expect.stringContaining(expected)])
})

test.each([
  ['src/sample.ts', `// 웹 소켓, 그냥\nexport const a = '“그냥 소켓”이라는 말은 틀립니다.'`],
  ['src/sample.ts', `export const a = 'Websocket'`],
  ['tests/sample.ts', `export const a = '웹 소켓'`],
])('%s: comments, quotations, code and tests are not', async (file, code) => {
  expect(await faults(file, code)).toEqual([])
})
