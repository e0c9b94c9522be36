import type { Role } from '#protocol/role.ts'
import type { CapturedConnection } from './captured-connection.ts'

/** A stretch of one direction's bytes behind its head; `end` is excluded, 0 is the first frame's first byte. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

export interface FrameStretch extends Stretch {
  readonly headEnd: number
  readonly opcode: number
}

export interface MessageStretch extends Stretch {
  /** What it says, when it is text. */
  readonly text: string | undefined
}

/** One direction's bytes as three see them: the server's socket, the framing, the application. */
export interface StreamLanes extends Stretch {
  /** Reads of the server's socket for what the client sent, writes to it for what the server did. */
  readonly chunks: readonly Stretch[]
  readonly frames: readonly FrameStretch[]
  /** Bytes behind the last whole frame: one that is not complete yet. */
  readonly unfinished: Stretch | undefined
  readonly messages: readonly MessageStretch[]
}

/**
 * The lanes of a direction; undefined when there are no frames, or the beginning of its bytes is forgotten or missing.
 * @param from number of the first item that counts; what came before is left out
 */
export function streamLanes(connection: CapturedConnection, role: Role, from = 0): StreamLanes | undefined {
  const head = connection.items.find(item => item.kind === (role === 'client' ? 'request' : 'response'))
  if (head?.kind !== 'request' && head?.kind !== 'response') return undefined
  if (connection.forgotten.chunks > 0 || connection.gaps.length > 0) return undefined

  const frames: FrameStretch[] = []
  const messages: MessageStretch[] = []
  let whole = 0
  let messageStart: number | undefined
  for (const [number, item] of connection.items.entries()) {
    if (item.kind !== 'frame' || item.from !== role) continue
    const { offset: start, headLength, wire, opcode } = item.frame
    const end = start + wire.length
    whole = end
    if (number < from) continue
    frames.push({ start, headEnd: start + headLength, end, opcode })
    if (opcode < 0x8 && opcode > 0x0) messageStart = start
    if (!item.message) continue
    messages.push({ start: messageStart ?? start, end, text: item.message.text })
    messageStart = undefined
  }
  const pending = connection.pending(role)
  const start = frames[0]?.start ?? whole
  const end = whole + pending
  if (end === start) return undefined

  const chunks: Stretch[] = []
  let at = -head.head.bytes.length
  for (const { from: sender, bytes } of connection.chunks) {
    if (sender !== role) continue
    const next = at + bytes.length
    if (next > start) chunks.push({ start: Math.max(at, start), end: next })
    at = next
  }
  const unfinished = pending > 0 ? { start: whole, end } : undefined
  return { start, end, chunks, frames, unfinished, messages }
}
