import { closeCodeInfo } from './close-codes.ts'
import { parseClosePayload } from './close-payload.ts'
import type { Frame } from './frame.ts'
import { OPCODES, opcodeInfo } from './opcodes.ts'
import type { Span } from './span.ts'
import { decodeUtf8, firstBadUtf8 } from './utf8.ts'

type Words = readonly [
  id: string,
  name: string,
  label: string,
  value: string,
  sentence: string,
  section?: string,
]

const BASE = 'RFC 6455 §5.2'

/**
 * Spans that partition the frame's bytes, and the bits of its first two, in order. Uses only what the frame says of
 * itself, so an illegal one has a layout too.
 */
export function layoutFrame(frame: Frame): Span[] {
  const { headLength, payloadLength, lengthForm, maskingKey } = frame
  const spans = [
    bits(0, 1, ...fin(frame)),
    bits(1, 2, 'rsv1', 'RSV1', 'RSV1 비트', bit(frame.rsv1), rsv1Sentence(frame.rsv1)),
    bits(2, 3, 'rsv2', 'RSV2', 'RSV2 비트', bit(frame.rsv2), reservedSentence(frame.rsv2)),
    bits(3, 4, 'rsv3', 'RSV3', 'RSV3 비트', bit(frame.rsv3), reservedSentence(frame.rsv3)),
    bits(4, 8, ...opcode(frame)),
    bits(
      8,
      9,
      'mask',
      'MASK',
      'MASK 비트',
      bit(frame.masked),
      frame.masked
        ? '페이로드를 마스킹했고 마스킹 키가 뒤따릅니다.'
        : '페이로드를 마스킹하지 않았고 마스킹 키가 없습니다.',
    ),
    bits(9, 16, ...shortLength(frame)),
  ]
  const extended = lengthForm === 7 ? 0 : lengthForm / 8
  if (extended > 0)
    spans.push(
      bytes(
        2,
        2 + extended,
        'extended-length',
        'Extended payload length',
        '확장 길이',
        String(payloadLength),
        `부호 없는 ${lengthForm}비트 정수로 쓴 페이로드 길이이며 ${payloadLength}바이트입니다.`,
      ),
    )
  if (maskingKey)
    spans.push(
      bytes(
        headLength - 4,
        headLength,
        'masking-key',
        'Masking-key',
        '마스킹 키',
        hex(maskingKey),
        '페이로드의 i번째 바이트와 이 키의 i mod 4번째 바이트를 XOR하여 마스킹합니다.',
        'RFC 6455 §5.3',
      ),
    )
  if (payloadLength > 0) spans.push(...payload(frame))
  return spans
}

function bits(start: number, end: number, ...words: Words): Span {
  const byte = start >> 3
  return { ...span(byte, byte + 1, words), bits: { start, end } }
}

function bytes(start: number, end: number, ...words: Words): Span {
  return span(start, end, words)
}

function span(start: number, end: number, words: Words): Span {
  const [id, name, label, value, sentence, section = BASE] = words
  return { id, name, label, value, sentence, start, end, section }
}

function bit(set: boolean): string {
  return set ? '1' : '0'
}

function fin({ fin, opcode }: Frame): Words {
  const last =
    opcode === OPCODES.continuation ? '메시지의 마지막 프레임입니다.' : '이 프레임에서 메시지가 끝납니다.'
  return ['fin', 'FIN', 'FIN 비트', bit(fin), fin ? last : '메시지가 다음 프레임으로 이어집니다.']
}

function rsv1Sentence(set: boolean): string {
  return set
    ? '협상한 확장이 쓰는 비트이며, permessage-deflate에서는 압축된 메시지라는 뜻입니다.'
    : reservedSentence(false)
}

function reservedSentence(set: boolean): string {
  return set
    ? '뜻을 정한 확장이 없으면 0이어야 하는 예약 비트입니다.'
    : '확장을 위해 예약된 비트이며 쓰이지 않았습니다.'
}

const OPCODE_SENTENCES: Readonly<Record<number, string>> = {
  [OPCODES.continuation]: '앞에서 시작한 메시지를 이어 갑니다.',
  [OPCODES.text]: 'UTF-8 텍스트 메시지를 시작합니다.',
  [OPCODES.binary]: '바이너리 메시지를 시작합니다.',
  [OPCODES.close]: '연결을 끝내자고 알리거나 그 알림에 답합니다.',
  [OPCODES.ping]: '상대가 응답하는지 확인합니다.',
  [OPCODES.pong]: '핑에 답하거나 스스로 살아 있음을 알립니다.',
}

function opcode(frame: Frame): Words {
  const { code, label, section } = opcodeInfo(frame.opcode)
  const sentence = OPCODE_SENTENCES[code] ?? '아직 뜻이 정해지지 않아 받은 쪽이 연결을 끝내야 합니다.'
  return ['opcode', 'opcode', 'opcode', `0x${code.toString(16).toUpperCase()} (${label})`, sentence, section]
}

function shortLength({ lengthForm, payloadLength }: Frame): Words {
  const value = lengthForm === 7 ? payloadLength : lengthForm === 16 ? 126 : 127
  const sentence =
    lengthForm === 7
      ? `페이로드는 ${payloadLength}바이트입니다.`
      : `${value}은 길이를 뒤따르는 ${lengthForm}비트에 쓴다는 표시입니다.`
  return ['payload-length', 'Payload len', '페이로드 길이', String(value), sentence]
}

function payload(frame: Frame): Span[] {
  const { headLength, payloadLength, opcode } = frame
  const end = headLength + payloadLength
  if (opcode === OPCODES.close && payloadLength >= 2) return closePayload(frame, end)
  const masked = frame.masked ? ' 와이어에는 마스킹된 값이 흐릅니다.' : ''
  const text = opcode === OPCODES.text && !frame.rsv1 && firstBadUtf8(frame.payload) < 0
  const what = opcode >= 8 ? '제어 프레임' : '메시지'
  return [
    bytes(
      headLength,
      end,
      'payload',
      'Payload Data',
      '페이로드',
      text
        ? decodeUtf8(frame.payload)
        : hex(frame.payload.subarray(0, 64)) + (payloadLength > 64 ? ' …' : ''),
      `${what}의 내용 ${payloadLength}바이트입니다.${masked}`,
      opcodeInfo(opcode).section,
    ),
  ]
}

function closePayload(frame: Frame, end: number): Span[] {
  const { headLength } = frame
  const { code = 0, reason } = parseClosePayload(frame.payload)
  const { label, meaning } = closeCodeInfo(code)
  const section = 'RFC 6455 §5.5.1'
  const spans = [
    bytes(
      headLength,
      headLength + 2,
      'close-code',
      'Status code',
      '종료 코드',
      `${code} (${label})`,
      meaning,
      section,
    ),
  ]
  if (end > headLength + 2)
    spans.push(
      bytes(
        headLength + 2,
        end,
        'close-reason',
        'Reason',
        '종료 이유',
        reason,
        'UTF-8로 쓴 종료 이유이며 사람이 읽을 글로 정해진 것은 아닙니다.',
        section,
      ),
    )
  return spans
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')
}
