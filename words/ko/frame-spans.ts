import { parseClosePayload } from '#protocol/close-payload.ts'
import { layoutFrame, type FrameSpan, type FrameSpanId } from '../frame-layout.ts'
import type { Frame } from '#protocol/frame.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { closeCodeWords } from './close-codes.ts'
import { opcodeWords } from './opcodes.ts'
import type { Worded } from './span-words.ts'

/** The parts of a frame that partition its bytes, and the bits of its first two, in order, each with its Korean words. */
export function explainFrame(frame: Frame): Worded<FrameSpan>[] {
  return layoutFrame(frame).map(span => {
    const [label, sentence, named] = WORDS[span.id](frame)
    return { ...span, label, sentence, value: named === undefined ? span.value : `${span.value} (${named})` }
  })
}

/** `named` says behind the value what it stands for. */
type Words = readonly [label: string, sentence: string, named?: string]

const WORDS: Readonly<Record<FrameSpanId, (frame: Frame) => Words>> = {
  fin: ({ fin, opcode }) => ['FIN 비트', finSentence(fin, opcode)],
  rsv1: ({ rsv1 }) => [
    'RSV1 비트',
    rsv1
      ? '협상한 확장이 쓰는 비트이며, permessage-deflate에서는 압축된 메시지라는 뜻입니다.'
      : reservedSentence(false),
  ],
  rsv2: ({ rsv2 }) => ['RSV2 비트', reservedSentence(rsv2)],
  rsv3: ({ rsv3 }) => ['RSV3 비트', reservedSentence(rsv3)],
  opcode: ({ opcode }) => {
    const { label, sentence } = opcodeWords(opcode)
    return ['opcode', sentence, label]
  },
  mask: ({ masked }) => [
    'MASK 비트',
    masked
      ? '페이로드를 마스킹했고 마스킹 키가 뒤따릅니다.'
      : '페이로드를 마스킹하지 않았고 마스킹 키가 없습니다.',
  ],
  'payload-length': ({ lengthForm, payloadLength }) => [
    '페이로드 길이',
    lengthForm === 7
      ? `페이로드는 ${payloadLength}바이트입니다.`
      : `${lengthForm === 16 ? 126 : 127}은 길이를 뒤따르는 ${lengthForm}비트에 쓴다는 표시입니다.`,
  ],
  'extended-length': ({ lengthForm, payloadLength }) => [
    '확장 길이',
    `부호 없는 ${lengthForm}비트 정수로 쓴 페이로드 길이이며 ${payloadLength}바이트입니다.`,
  ],
  'masking-key': () => [
    '마스킹 키',
    '페이로드의 i번째 바이트와 이 키의 i mod 4번째 바이트를 XOR하여 마스킹합니다.',
  ],
  payload: ({ opcode, payloadLength, masked }) => [
    '페이로드',
    `${opcode >= OPCODES.close ? '제어 프레임' : '메시지'}의 내용 ${payloadLength}바이트입니다.${masked ? ' 와이어에는 마스킹된 값이 흐릅니다.' : ''}`,
  ],
  'close-code': ({ payload }) => {
    const { label, meaning } = closeCodeWords(parseClosePayload(payload).code ?? 0)
    return ['종료 코드', meaning, label]
  },
  'close-reason': () => ['종료 이유', 'UTF-8로 쓴 종료 이유이며 사람이 읽을 글로 정해진 것은 아닙니다.'],
}

function finSentence(fin: boolean, opcode: number): string {
  if (!fin) return '메시지가 다음 프레임으로 이어집니다.'
  return opcode === OPCODES.continuation
    ? '메시지의 마지막 프레임입니다.'
    : '이 프레임에서 메시지가 끝납니다.'
}

function reservedSentence(set: boolean): string {
  return set
    ? '뜻을 정한 확장이 없으면 0이어야 하는 예약 비트입니다.'
    : '확장을 위해 예약된 비트이며 쓰이지 않았습니다.'
}
