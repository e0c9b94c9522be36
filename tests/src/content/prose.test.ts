import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { RULE_IDS, RULES } from '#protocol/rules.ts'
import { CLOSE_CODES } from '#words/close-codes.ts'
import { placeOfFile } from '../../../src/content/course.ts'
import { wordingFaults } from '../../../src/content/wording.ts'
import { lessonFaults } from './lesson-prose.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const LESSONS = globSync('src/content/lessons/**/*.mdx', { cwd: ROOT })

/** Faults of a lesson with this body, whose slug is `masking` unless told. */
function faultsOf(body: string, slug = 'closing-time'): string[] {
  return lessonFaults(`---\ntitle: 제목\n---\n\n${body}`, slug)
}

describe('every lesson', () => {
  test.each(LESSONS)('%s says it as the glossary does', file => {
    const faults = lessonFaults(readFileSync(ROOT + file, 'utf8'), placeOfFile(file).planned.slug)
    expect(faults.map(fault => `${file}:${fault}`)).toEqual([])
  })
})

test('sections that rules and close codes cite exist', () => {
  const cited = [...RULE_IDS.map(id => RULES[id].section), ...CLOSE_CODES.map(code => code.section)]
  expect(cited.flatMap(wordingFaults)).toEqual([])
})

describe('what a lesson may not say is named with its line and what to write', () => {
  test.each([
    ['웹 소켓을 엽니다.', '5: write “웹소켓”, not “웹 소켓”'],
    ['하나.\n\n둘,\n조각화한 메시지.', '8: write “단편화”, not “조각화”'],
    ['둘로 분할합니다.', '5: write “단편화”, not “분할”'],
    ['- 하위 프로토콜', '5: write “서브프로토콜”, not “하위 프로토콜”'],
    ['**핸드쉐이크**를 합니다.', '5: write “핸드셰이크”, not “핸드쉐이크”'],
    ['| 가 |\n| --- |\n| 당신의 브라우저 |', '7: write “내 …”, not “당신”'],
    ['## 쉽게 배우기', '5: “쉽게” is not for our own voice: leave it out, or say what makes it so'],
    ['단지 바이트입니다.', '5: “단지” is not for our own voice: leave it out, or say what makes it so'],
    [
      '<Plate\n  figure="a"\n  title="간단히 보기"\n>\n\n가\n\n</Plate>',
      '7: “간단히” is not for our own voice',
    ],
    ['`send`는 그냥 보냅니다.', '5: “그냥” is not for our own voice'],
    ['RFC 6455 §5.9에 있습니다.', '5: RFC 6455 has no section 5.9'],
  ])('%j', (body, expected) => {
    expect(faultsOf(body)).toEqual([expect.stringContaining(expected)])
  })

  test('in the front matter too', () => {
    expect(lessonFaults('---\ntitle: 제목\nlead: 손쉽게 엽니다.\n---\n\n본문\n', 'x')).toEqual([
      expect.stringContaining('3: “쉽게”'),
    ])
  })
})

test.each([
  '<Myth claim="웹소켓은 그냥 TCP 소켓이다.">\n아닙니다.\n</Myth>',
  '흔히 “웹 소켓”이라고 띄어 쓰고, ‘그냥 소켓’이라고도 합니다.',
  '`웹 소켓`과\n\n```js title="a.js"\n// 그냥 보냅니다\n```',
  '아파트 단지에서 시분할 방식을 씁니다.',
  '`Websocket` 대신 `websockets`를 씁니다.',
  'RFC 6455 §5.2와 RFC 9110 §7.8을 봅니다.',
])('what people say, code and other words may stand: %j', body => {
  expect(faultsOf(body)).toEqual([])
})

describe('a term that a lesson introduces', () => {
  test.each([
    '**마스킹(masking)**은 XOR(exclusive or)입니다. 캐시 오염(cache poisoning), 투명 프록시(transparent proxy), 마스킹 키(masking key).',
    '<Term of="masking">마스킹</Term>과 <Term of="xor">XOR</Term>, <Term of="cache-poisoning">캐시 오염</Term>, <Term of="transparent-proxy">투명 프록시</Term>, <Term of="masking-key">마스킹 키</Term>.',
  ])('is given its English name or defined in place at its first use', body => {
    expect(faultsOf(body, 'masking')).toEqual([])
  })

  const others =
    'XOR(exclusive or), 캐시 오염(cache poisoning), 투명 프록시(transparent proxy), 마스킹 키(masking key)'

  test('is missed where it comes without', () => {
    expect(faultsOf(`${others}.\n\n이제 마스킹을 봅니다. **마스킹(masking)**은 …`, 'masking')).toEqual([
      '7: first use of “마스킹” here: write “마스킹(masking)” or <Term of="masking">',
    ])
  })

  test('may stand in titles before, and in the name of another term', () => {
    expect(faultsOf(`## 마스킹 앞에\n\n${others}. 마스킹(masking)`, 'masking')).toEqual([])
  })

  test('is missed when the lesson never says it', () => {
    expect(faultsOf(`${others}.`, 'masking')).toEqual([
      '1: never says “마스킹”: take "masking" out of the lessons of "masking" in glossary.ts',
    ])
  })
})
