import type { PlayedEnding } from '#contract/commands.ts'
import { MAX_WRITE_BYTES } from '#contract/write.ts'
import { encodeClosePayload, parseClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'

/** One end of a connection that the page plays. */
export interface PlayedWire {
  write(bytes: Uint8Array): void
  end(how: PlayedEnding): void
}

/** Cryptographically random bytes. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>

/** Writes one side's frames, judging nothing, and answers for the reader what an endpoint has to answer. */
export class Player {
  readonly role: Role
  /** Answer a ping with its pong, a Close with a Close, a FIN with a FIN. */
  answers = true
  readonly #wire: PlayedWire
  readonly #random: RandomBytes
  #closeSaid = false

  constructor(role: Role, wire: PlayedWire, random: RandomBytes) {
    this.role = role
    this.#wire = wire
    this.#random = random
  }

  /** Four fresh bytes for a client (RFC 6455 §5.3), nothing for a server (§5.1). */
  freshKey(): Uint8Array<ArrayBuffer> | undefined {
    return this.role === 'client' ? this.#random(4) : undefined
  }

  /** Writes frames as they are, one write for all of them. */
  say(...frames: readonly AnyFrameFields[]): void {
    if (frames.some(({ opcode }) => opcode === OPCODES.close)) this.#closeSaid = true
    this.write(frames.map(frame => encodeFrame(frame)))
  }

  /** Writes bytes, whatever they are. */
  write(parts: readonly Uint8Array[]): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const bytes = new Uint8Array(length)
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    for (let start = 0; start < length; start += MAX_WRITE_BYTES)
      this.#wire.write(bytes.subarray(start, start + MAX_WRITE_BYTES))
  }

  end(how: PlayedEnding): void {
    this.#wire.end(how)
  }

  /** Answers what the other side said, when it asks for an answer and answering is wanted. */
  answer(items: readonly TraceItem[]): void {
    if (!this.answers) return
    for (const item of items) {
      if (item.kind !== 'frame' || item.from === this.role) continue
      const { opcode, payload } = item.frame
      if (opcode === OPCODES.ping) this.#answer(OPCODES.pong, payload)
      else if (opcode === OPCODES.close) {
        // An answer typically echoes the code it received (§5.5.1).
        if (!this.#closeSaid) this.#answer(OPCODES.close, encodeClosePayload(parseClosePayload(payload).code))
        // Both have said it: the server closes TCP first (§7.1.1).
        if (this.role === 'server') this.end('fin')
      }
    }
  }

  /** The other side's FIN came. */
  answerFin(): void {
    if (this.answers) this.end('fin')
  }

  #answer(opcode: number, payload: Uint8Array): void {
    this.say({ opcode, payload, maskingKey: this.freshKey() })
  }
}
