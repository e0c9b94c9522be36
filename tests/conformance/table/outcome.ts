import { constants, inflateRawSync } from 'node:zlib'
import { framesBehindHead, type ReadFrame } from '../../support/frame-reader.ts'
import type { CloseCode, Event } from './case.ts'

/** What a server did. */
export interface Outcome {
  /** Status of its answer to the handshake; 0 when there was none. */
  readonly status: number
  /** Its `Sec-WebSocket-Extensions`. */
  readonly agreed: string
  readonly events: readonly Event[]
  readonly close?: { readonly code: CloseCode; readonly reason: string }
  /** What is wrong with its own frames. */
  readonly broken: readonly string[]
  /** How TCP ended: with its FIN, with a RST, or not in time. */
  readonly tcp: 'fin' | 'reset' | 'open'
}

/** Reads all that a server sent, by RFC 6455 §5 and RFC 7692 §7.2.2. */
export function outcomeOf(read: Buffer, tcp: Outcome['tcp']): Outcome {
  const end = read.indexOf('\r\n\r\n')
  if (end < 0) return { status: 0, agreed: '', events: [], broken: [], tcp }
  const head = read.toString('latin1', 0, end)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
  const agreed = /^sec-websocket-extensions: *(.*)$/im.exec(head)?.[1] ?? ''
  if (status !== 101) return { status, agreed, events: [], broken: [], tcp }
  const reading = new Reading(agreed)
  const frames = framesBehindHead(read)
  for (const frame of frames) reading.take(frame)
  const left = read.length - end - 4 - frames.reduce((sum, { wire }) => sum + wire.length, 0)
  // A frame may still be on its way while the connection is open.
  const broken = [...reading.broken, ...(left > 0 && tcp !== 'open' ? ['a frame without its end'] : [])]
  return {
    status,
    agreed,
    events: reading.events,
    broken,
    tcp,
    ...(reading.close && { close: reading.close }),
  }
}

class Reading {
  readonly events: Event[] = []
  readonly broken: string[] = []
  close: Outcome['close']
  readonly #deflates: boolean
  readonly #forgets: boolean
  #parts: ReadFrame[] = []
  #window: Buffer = Buffer.alloc(0)

  constructor(agreed: string) {
    this.#deflates = agreed.includes('permessage-deflate')
    this.#forgets = agreed.includes('server_no_context_takeover')
  }

  take(frame: ReadFrame): void {
    const { opcode, fin, payload } = frame
    const rsv = (frame.wire.readUInt8(0) >> 4) & 7
    if (this.close) this.broken.push('a frame behind its Close')
    if (frame.masked) this.broken.push('a masked frame')
    if (rsv !== 0 && !(rsv === 4 && this.#deflates && (opcode === 1 || opcode === 2)))
      this.broken.push('a reserved bit')
    if (frame.wire.length - payload.length > shortestHead(payload.length) && !frame.masked)
      this.broken.push('a length in too many bytes')
    if (opcode >= 8 && (!fin || payload.length > 125))
      this.broken.push('a control frame too long or in parts')
    if (opcode === 8) this.#takeClose(payload)
    else if (opcode === 10) this.events.push({ kind: 'pong', payload })
    else if (opcode < 3) this.#takeData(frame)
    else if (opcode !== 9) this.broken.push(`opcode ${opcode}`)
  }

  #takeData(frame: ReadFrame): void {
    if ((frame.opcode === 0) !== this.#parts.length > 0) this.broken.push('fragments out of order')
    this.#parts.push(frame)
    if (!frame.fin) return
    const [first = frame] = this.#parts
    const joined = Buffer.concat(this.#parts.map(part => part.payload))
    this.#parts = []
    const payload = first.wire.readUInt8(0) & 0x40 ? this.#inflated(joined) : joined
    this.events.push({ kind: first.opcode === 1 ? 'text' : 'binary', payload })
  }

  #inflated(payload: Buffer): Buffer {
    try {
      const data = Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])])
      const dictionary = this.#window.length > 0 ? { dictionary: this.#window } : {}
      const inflated = inflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH, ...dictionary })
      if (!this.#forgets) this.#window = Buffer.concat([this.#window, inflated]).subarray(-32_768)
      return inflated
    } catch {
      this.broken.push('compressed data that cannot be inflated')
      return payload
    }
  }

  #takeClose(payload: Buffer): void {
    if (payload.length === 1) this.broken.push('a Close with half a code')
    const code = payload.length < 2 ? 'none' : payload.readUInt16BE(0)
    this.close = { code, reason: payload.toString('utf8', 2) }
  }
}

function shortestHead(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10
}
