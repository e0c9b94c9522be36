import { fragments, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'

/** Orders in which frames can come, the legal one first. */
export const ORDERS = {
  legal: '규칙대로',
  orphan: '이어지는 프레임부터',
  interleaved: '끝내지 않고 새 메시지',
  'split-ping': '두 프레임에 나눈 핑',
  'long-ping': '126바이트 핑',
} as const
export type Order = keyof typeof ORDERS
export const isOrder = (name: string): name is Order => Object.hasOwn(ORDERS, name)

/** What is to be said. */
export interface Plan {
  readonly order: Order
  readonly text: string
  /** Fragments of the message, 1 to `MOST_PIECES`. */
  readonly pieces: number
  /** A ping after the first fragment. */
  readonly ping: boolean
}

export const MOST_PIECES = 8

const utf8 = new TextEncoder()

/** The frames of a plan in their order, not masked yet. */
export function framesOf({ order, text, pieces, ping }: Plan): AnyFrameFields[] {
  const payload = utf8.encode(text)
  const half = Math.ceil(payload.length / 2)
  switch (order) {
    case 'legal': {
      const [first, ...rest] = fragments({ opcode: OPCODES.text, payload }, evenCuts(payload.length, pieces))
      if (!first) return []
      return ping ? [first, { opcode: OPCODES.ping, payload: utf8.encode('핑') }, ...rest] : [first, ...rest]
    }
    case 'orphan':
      return [{ opcode: OPCODES.continuation, payload }]
    case 'interleaved':
      return [
        { opcode: OPCODES.text, fin: false, payload },
        { opcode: OPCODES.text, payload: utf8.encode('새 메시지') },
      ]
    case 'split-ping':
      return [
        { opcode: OPCODES.ping, fin: false, payload: payload.subarray(0, half) },
        { opcode: OPCODES.continuation, payload: payload.subarray(half) },
      ]
    case 'long-ping':
      return [{ opcode: OPCODES.ping, payload: new Uint8Array(126).fill(0x2e) }]
  }
}

/** Offsets that cut a length into so many parts, as even as whole bytes let them be. */
function evenCuts(length: number, pieces: number): number[] {
  return Array.from({ length: pieces - 1 }, (_, index) => Math.round(((index + 1) * length) / pieces))
}
