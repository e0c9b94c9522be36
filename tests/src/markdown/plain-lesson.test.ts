import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readRaceFile } from '../../../src/content/race-files.ts'
import { readRecordingFile } from '../../../src/content/recording-files.ts'
import { FURNITURE } from '../../../src/markdown/furniture.ts'
import { PLAIN_FURNITURE } from '../../../src/markdown/plain-furniture.ts'
import { plainLesson } from '../../../src/markdown/plain-lesson.ts'

const LESSONS = fileURLToPath(new URL('../../../src/content/lessons/', import.meta.url))

function plain(source: string, path = '02-anatomy/01-handshake.mdx'): string {
  return plainLesson(source, {
    path,
    page: 'https://course.example/lessons/handshake/',
    link: link => `https://course.example${link}`,
    recording: readRecordingFile,
    race: readRaceFile,
  })
}

test('every piece of furniture has a way to be written', () => {
  expect(Object.keys(PLAIN_FURNITURE).toSorted()).toEqual(Object.keys(FURNITURE).toSorted())
})

describe('what the author wrote as Markdown', () => {
  test.each([
    '**프레임(frame)**은 `2 * 3 * 4`와 “따옴표” \\*입니다.',
    '| a | b |\n| --- | --- |\n| `x` | 1 |',
    '1. 하나\n2. 둘\n   - 셋',
    '```ts title="a.ts" {2}\nconst a = "<Fig of=\\"b\\" />"\n```',
    '[표준](https://websockets.spec.whatwg.org/#x)을 봅니다.',
    '<kbd>F12</kbd>를 누릅니다.',
  ])('stays as it is: %s', source => {
    expect(plain(source)).toBe(source)
  })

  test('has its links inside the site made whole', () => {
    expect(plain('먼저 [**첫** 연결](/lessons/first-connection/#code)을 읽습니다.')).toBe(
      '먼저 [**첫** 연결](https://course.example/lessons/first-connection/#code)을 읽습니다.',
    )
  })

  test('loses what is only for MDX', () => {
    expect(plain("import a from 'b'\n\n글{/* 뒤에 고침 */}입니다.\n\n{1 + 1}")).toBe('글입니다.')
  })
})

describe('furniture', () => {
  test.each([
    ['<Client>브라우저</Client>와 <Server>서버</Server>', '브라우저와 서버'],
    ['<Term of="masking" />과 <Term of="frame">틀</Term>', '마스킹과 틀'],
    [
      '규칙 <Rfc section="5.2" />',
      '규칙 [RFC 6455 §5.2](https://www.rfc-editor.org/rfc/rfc6455#section-5.2)',
    ],
    ['<Rfc number="8441" section="4" />', '[RFC 8441 §4](https://www.rfc-editor.org/rfc/rfc8441#section-4)'],
    ['<Note title="틀">\n둘째 줄\n\n셋째 줄\n</Note>', '> **틀.** 둘째 줄\n>\n> 셋째 줄'],
    ['<Myth claim="같다.">\n다릅니다.\n</Myth>', '> **흔한 오해.** “같다.”\n>\n> 다릅니다.'],
    ['<Summary>\n\n- 하나\n- 둘\n\n</Summary>', '## 요약\n\n- 하나\n- 둘'],
    [
      '<Plate figure="a" title="표">\n\n글\n\n</Plate>\n\n<Fig of="a" />에서 봅니다.',
      '**그림 2-1-1. 표**\n\n글\n\n그림 2-1-1에서 봅니다.',
    ],
    [
      '<Lab name="handshake" figure="lab" title="실험" caption="봅니다." recording="handshake" />',
      '**그림 2-1-1. 실험**\n\n[이 실험대는 강의 페이지에서 움직입니다.](https://course.example/lessons/handshake/#lab-handshake)\n\n봅니다.',
    ],
    [
      '<Quiz id="q">\n무엇입니까?\n\n<Option correct>\n`가`\n\n<Reason>옳은 까닭</Reason>\n</Option>\n\n<Option>\n나\n\n<Reason>틀린 까닭</Reason>\n</Option>\n</Quiz>',
      '### 확인 문제 1\n\n무엇입니까?\n\n- `가`\n\n  **맞습니다.** 옳은 까닭\n\n- 나\n\n  **아닙니다.** 틀린 까닭',
    ],
    [
      '<Predict id="p">\n  누구입니까?\n\n<Choice value="a">`가`</Choice>\n<Choice value="b">나</Choice>\n</Predict>\n\n<Prediction of="p">가입니다.</Prediction>',
      '### 예측\n\n누구입니까?\n\n- `가`\n- 나\n\n가입니다.',
    ],
    [
      '<Predict id="p" unit="바이트">\n몇입니까?\n</Predict>',
      '### 예측\n\n몇입니까?\n\n(답은 바이트 단위의 수입니다.)',
    ],
    [
      '<Mission id="nine-bytes" title="아홉" lab="handshake">\n\n하십시오.\n\n<Hint>하나</Hint>\n\n<Hint>\n\n둘\n\n</Hint>\n\n<Solution>\n\n셋\n\n</Solution>\n\n</Mission>',
      '### 미션: 아홉\n\n하십시오.\n\n**힌트 1.** 하나\n\n**힌트 2.** 둘\n\n**풀이.** 셋',
    ],
  ])('%s', (source, expected) => {
    expect(plain(source)).toBe(expected)
  })

  test('writes out what the recordings hold', () => {
    const text = plain(
      '길이는 <Recorded of="first-connection" value="client.frame.0.length" />바이트, 첫 바이트는 <Recorded of="first-connection" value="client.frame.0.byte.0" />입니다.\n\n' +
        '<RecordedFrame of="first-connection" frame="server.0" figure="f" title="답" caption="c" />\n\n' +
        '<RecordedHead of="handshake" side="response" figure="r" title="응답" caption="d" />',
    )
    expect(text).toContain('길이는 12바이트, 첫 바이트는 `81`입니다.')
    expect(text).toContain('```hex\n81 06 ec 95 88 eb 85 95\n```')
    expect(text).toContain('| 2–7 | 페이로드 |')
    expect(text).toContain('```http\nHTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n')
    expect(text).toMatch(/^- \*\*`Upgrade: websocket`\*\*: .+다\.$/m)
  })
})

test('the lessons there are come out without furniture, and with everything else they say', () => {
  const files = readdirSync(LESSONS, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.mdx'),
  )
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) {
    const source = readFileSync(join(LESSONS, file), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '')
    const text = plain(source, file.replaceAll('\\', '/'))
    const withoutCode = text.replaceAll(/```[\s\S]*?```|`[^`\n]+`/g, '')
    expect(withoutCode, file).not.toMatch(/<\/?[A-Z]|\]\(\/|\bundefined\b/)
    // The author's headings, verbatim and in their order.
    const headings = (markdown: string) => markdown.match(/^## .+$/gm)?.filter(line => line !== '## 요약')
    expect(headings(text), file).toEqual(headings(source))
  }
})
