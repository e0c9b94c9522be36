import { parseClosePayload } from './close-payload.ts'
import type { MessageInflater } from './deflate.ts'
import type { Frame } from './frame.ts'
import { OPCODES } from './opcodes.ts'
import type { Role } from './role.ts'
import type { FrameRuleId } from './rule-facts.ts'
import { decodeUtf8, Utf8Validator } from './utf8.ts'
import { violationOf, type Violation } from './violation.ts'

/** A whole message: one data frame, or several fragments (RFC 6455 §5.4). */
export interface Message {
  readonly kind: 'text' | 'binary'
  /** Payload of all its frames, inflated when it was compressed and there was something to inflate it with. */
  readonly payload: Uint8Array
  /** The text, for `text` that is not still compressed. */
  readonly text?: string
  /** How many frames carried it. */
  readonly frames: number
  /** Sum of its frames' payload lengths: what crossed. Differs from `payload.length` when compressed. */
  readonly wireLength: number
  readonly compressed: boolean
}

/** What one frame brought about. */
export interface Assembled {
  readonly violations: readonly Violation[]
  /** The message it completed. */
  readonly message?: Message
}

export interface AssemblerOptions {
  /** Longest message, in bytes, before and after inflating (default 16 MiB). */
  readonly maxMessageLength?: number
  /** Inflates compressed messages; without one their `payload` stays as it crossed and there is no `text`. */
  readonly inflater?: MessageInflater | undefined
}

const QUIET: Assembled = { violations: [] }

/** Puts one direction's frames together to messages and judges their content: UTF-8, Close payloads, compressed data. */
export class MessageAssembler {
  readonly #sender: Role
  readonly #maxMessageLength: number
  readonly #inflater: MessageInflater | undefined
  #kind: 'text' | 'binary' | undefined
  #compressed = false
  #parts: Uint8Array[] = []
  #length = 0
  #frames = 0
  /** The message broke a rule already: it is followed to its end and then forgotten. */
  #broken = false
  #utf8 = new Utf8Validator()

  constructor(sender: Role, options: AssemblerOptions = {}) {
    this.#sender = sender
    this.#maxMessageLength = options.maxMessageLength ?? 16 * 1024 * 1024
    this.#inflater = options.inflater
  }

  /** Takes the next frame of the direction, control frames included. */
  push(frame: Frame): Assembled {
    const { opcode } = frame
    if (opcode === OPCODES.close) return this.#close(frame)
    if (opcode > OPCODES.binary) return QUIET
    if (opcode !== OPCODES.continuation) {
      this.#compressed = frame.rsv1
      this.#kind = opcode === OPCODES.text ? 'text' : 'binary'
      this.#parts = []
      this.#length = 0
      this.#frames = 0
      this.#broken = false
      this.#utf8 = new Utf8Validator()
    } else if (this.#kind === undefined) return QUIET
    return this.#data(frame)
  }

  #data(frame: Frame): Assembled {
    this.#frames++
    this.#length += frame.payloadLength
    if (this.#broken) return this.#finish(frame, undefined)
    if (this.#length > this.#maxMessageLength) return this.#break(frame, 'message-length', 0)
    this.#parts.push(frame.payload)
    if (this.#kind === 'text' && !this.#compressed) {
      const bad = this.#utf8.push(frame.payload)
      if (bad >= 0) return this.#break(frame, 'text-utf8', bad)
      if (frame.fin && !this.#utf8.complete) return this.#break(frame, 'text-utf8', frame.payloadLength - 1)
    }
    return frame.fin ? this.#complete(frame) : QUIET
  }

  #complete(frame: Frame): Assembled {
    let payload = joinParts(this.#parts, this.#length)
    if (this.#compressed && this.#inflater) {
      try {
        payload = this.#inflater.message(payload, this.#maxMessageLength)
      } catch (error) {
        return this.#break(frame, error instanceof RangeError ? 'message-length' : 'deflate-data', 0)
      }
      const utf8 = new Utf8Validator()
      if (this.#kind === 'text' && (utf8.push(payload) >= 0 || !utf8.complete))
        return this.#break(frame, 'text-utf8', 0)
    }
    const kind = this.#kind ?? 'binary'
    const message: Message = {
      kind,
      payload,
      ...(kind === 'text' && (!this.#compressed || this.#inflater) && { text: decodeUtf8(payload) }),
      frames: this.#frames,
      wireLength: this.#length,
      compressed: this.#compressed,
    }
    return this.#finish(frame, message)
  }

  #finish(frame: Frame, message: Message | undefined): Assembled {
    if (!frame.fin) return QUIET
    this.#kind = undefined
    this.#parts = []
    return message ? { violations: QUIET.violations, message } : QUIET
  }

  #break(frame: Frame, rule: FrameRuleId, at: number): Assembled {
    this.#broken = true
    this.#parts = []
    this.#finish(frame, undefined)
    return { violations: [this.#violation(frame, rule, at)] }
  }

  #close(frame: Frame): Assembled {
    const { fault } = parseClosePayload(frame.payload)
    return fault ? { violations: [this.#violation(frame, fault.rule, fault.at)] } : QUIET
  }

  #violation(frame: Frame, rule: FrameRuleId, at: number): Violation {
    return violationOf(rule, this.#sender, frame.offset + frame.headLength + Math.max(at, 0))
  }
}

function joinParts(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts
  if (only && parts.length === 1) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
