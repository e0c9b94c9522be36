import type { AcceptSteps } from '#protocol/accept.ts'
import type { Worded } from '#words/ko/span-words.ts'
import type { Span } from '#words/span.ts'

type WordedSpan = Worded<Span>

const SECTION = 'RFC 6455 §4.2.2'

/** The parts of what SHA-1 is given. */
export function concatenatedSpans({ key, concatenated }: AcceptSteps): WordedSpan[] {
  const { length } = new TextEncoder().encode(key)
  const guid: WordedSpan = {
    id: 'guid',
    name: 'GUID',
    value: concatenated.slice(key.length),
    start: length,
    end: new TextEncoder().encode(concatenated).length,
    section: SECTION,
    label: '고정 GUID',
    sentence: '어느 서버나 똑같이 붙이는, RFC에 적혀 있는 글자입니다.',
  }
  if (length === 0) return [guid]
  return [
    {
      id: 'request-key',
      name: 'Sec-WebSocket-Key',
      value: key,
      start: 0,
      end: length,
      section: SECTION,
      label: '요청의 키',
      sentence: 'base64를 풀지 않고, 헤더에 적힌 글자의 바이트를 그대로 씁니다.',
    },
    guid,
  ]
}

/** A SHA-1 digest, which has no parts. */
export function digestSpans({ digest }: AcceptSteps): WordedSpan[] {
  return [
    {
      id: 'digest',
      name: 'SHA-1',
      value: `${digest.length}바이트`,
      start: 0,
      end: digest.length,
      section: SECTION,
      label: 'SHA-1의 결과',
      sentence: '입력이 한 비트만 달라도 모든 자리가 달라집니다.',
    },
  ]
}

/** Three bytes, or what is left of them, and the four digits of base64 that stand for them (RFC 4648 §4). */
export interface Base64Group {
  readonly bytes: Uint8Array
  readonly digits: string
}

export function base64Groups({ digest, accept }: AcceptSteps): Base64Group[] {
  return Array.from({ length: Math.ceil(digest.length / 3) }, (_, index) => ({
    bytes: digest.subarray(index * 3, index * 3 + 3),
    digits: accept.slice(index * 4, index * 4 + 4),
  }))
}
