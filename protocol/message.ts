import { parseClosePayload } from './close-payload.ts'
import type { MessageInflater } from './deflate.ts'
import { DEFAULT_MAX_PAYLOAD_LENGTH } from './frame-parser.ts'
import type { Frame } from './frame.ts'
import { join } from './join.ts'
import { OPCODES } from './opcodes.ts'
import type { Role } from './role.ts'
import type { FrameRuleId } from './rule-facts.ts'
import { decodeUtf8, firstBadUtf8, Utf8Validator } from './utf8.ts'
import { violationOf, type Violation } from './violation.ts'

/** A whole message: one data frame, or several fragments (RFC 6455 §5.4). */
export interface Message {
  readonly kind: 'text' | 'binary'
  /** Payload of all its frames, inflated when it was compressed and there was something to inflate it with. */
  readonly payload: Uint8Array
  /** The text, for `text` that is not still compressed. */
  readonly text: string | undefined
  /** How many frames carried it. */
  readonly frames: number
  /** Sum of its frames' payload lengths: what crossed. Differs from `payload.length` when compressed. */
  readonly wireLength: number
  readonly compressed: boolean
}

export interface AssemblerOptions {
  /** Longest message, in bytes, before and after inflating (default 16 MiB). */
  readonly maxMessageLength?: number
  /** Inflates compressed messages; without one their `payload` stays as it crossed and there is no `text`. */
  readonly inflater?: MessageInflater | undefined
}

/** A message that decodes its text, and of a single frame unmasks its payload, only when asked to. */
class AssembledMessage implements Message {
  readonly kind: 'text' | 'binary'
  readonly frames: number
  readonly wireLength: number
  readonly compressed: boolean
  readonly #source: Frame | Uint8Array
  readonly #readable: boolean
  #text: string | undefined

  constructor(
    kind: 'text' | 'binary',
    source: Frame | Uint8Array,
    frames: number,
    wireLength: number,
    compressed: boolean,
    readable: boolean,
  ) {
    this.kind = kind
    this.frames = frames
    this.wireLength = wireLength
    this.compressed = compressed
    this.#source = source
    this.#readable = readable
  }

  get payload(): Uint8Array {
    return this.#source instanceof Uint8Array ? this.#source : this.#source.payload
  }

  get text(): string | undefined {
    if (this.kind !== 'text' || !this.#readable) return undefined
    return (this.#text ??= decodeUtf8(this.payload))
  }
}

/** A fragmented or compressed message that has begun. */
interface Unfinished {
  readonly kind: 'text' | 'binary'
  readonly compressed: boolean
  readonly parts: Uint8Array[]
  /** Bytes of payload so far. */
  length: number
  frames: number
  /** The message broke a rule already: it is followed to its end and then forgotten. */
  broken: boolean
}

/** Puts one direction's frames together to messages and judges their content: UTF-8, Close payloads, compressed data. */
export class MessageAssembler {
  readonly #sender: Role
  readonly #maxMessageLength: number
  readonly #inflater: MessageInflater | undefined
  readonly #utf8 = new Utf8Validator()
  #unfinished: Unfinished | undefined

  constructor(sender: Role, options: AssemblerOptions = {}) {
    this.#sender = sender
    this.#maxMessageLength = options.maxMessageLength ?? DEFAULT_MAX_PAYLOAD_LENGTH
    this.#inflater = options.inflater
  }

  /**
   * Takes the next frame of the direction, control frames included.
   * @param broken gets what is wrong with the content
   * @returns the message this frame completes, when it completes a good one
   */
  push(frame: Frame, broken: Violation[]): Message | undefined {
    const { opcode } = frame
    if (opcode > OPCODES.binary) return opcode === OPCODES.close ? this.#close(frame, broken) : undefined
    if (opcode === OPCODES.continuation) return this.#unfinished && this.#add(this.#unfinished, frame, broken)
    const kind = opcode === OPCODES.text ? 'text' : 'binary'
    if (kind === 'text') this.#utf8.reset()
    if (frame.fin && !frame.rsv1) {
      this.#unfinished = undefined
      return this.#single(kind, frame, broken)
    }
    this.#unfinished = { kind, compressed: frame.rsv1, parts: [], length: 0, frames: 0, broken: false }
    return this.#add(this.#unfinished, frame, broken)
  }

  /** Most messages: one frame, not compressed. */
  #single(kind: 'text' | 'binary', frame: Frame, broken: Violation[]): Message | undefined {
    const { payloadLength } = frame
    if (payloadLength > this.#maxMessageLength) return this.#blame(broken, frame, 'message-length', 0)
    if (kind === 'text') {
      const bad = this.#badByte(frame)
      if (bad >= 0) return this.#blame(broken, frame, 'text-utf8', bad)
    }
    return new AssembledMessage(kind, frame, 1, payloadLength, false, true)
  }

  #add(message: Unfinished, frame: Frame, broken: Violation[]): Message | undefined {
    message.frames++
    message.length += frame.payloadLength
    if (frame.fin) this.#unfinished = undefined
    if (message.broken) return undefined
    if (message.length > this.#maxMessageLength)
      return this.#break(message, broken, frame, 'message-length', 0)
    if (frame.payloadLength > 0) message.parts.push(frame.payload)
    if (message.kind === 'text' && !message.compressed) {
      const bad = this.#badByte(frame)
      if (bad >= 0) return this.#break(message, broken, frame, 'text-utf8', bad)
    }
    return frame.fin ? this.#complete(message, frame, broken) : undefined
  }

  #complete(message: Unfinished, frame: Frame, broken: Violation[]): Message | undefined {
    const { kind, compressed, frames, length } = message
    let payload = join(message.parts)
    if (compressed && this.#inflater) {
      try {
        payload = this.#inflater.message(payload, this.#maxMessageLength)
      } catch (error) {
        return this.#blame(broken, frame, error instanceof RangeError ? 'message-length' : 'deflate-data', 0)
      }
      if (kind === 'text' && firstBadUtf8(payload) >= 0) return this.#blame(broken, frame, 'text-utf8', 0)
    }
    const readable = !compressed || this.#inflater !== undefined
    return new AssembledMessage(kind, payload, frames, length, compressed, readable)
  }

  /** Payload index of the first byte of a text that is not UTF-8, `-1` when there is none so far. */
  #badByte(frame: Frame): number {
    const bad = this.#utf8.push(frame.payload)
    return bad < 0 && frame.fin && !this.#utf8.complete ? Math.max(0, frame.payloadLength - 1) : bad
  }

  #break(message: Unfinished, broken: Violation[], frame: Frame, rule: FrameRuleId, at: number): undefined {
    message.broken = true
    message.parts.length = 0
    return this.#blame(broken, frame, rule, at)
  }

  #close(frame: Frame, broken: Violation[]): undefined {
    const { fault } = parseClosePayload(frame.payload)
    return fault ? this.#blame(broken, frame, fault.rule, fault.at) : undefined
  }

  #blame(broken: Violation[], frame: Frame, rule: FrameRuleId, at: number): undefined {
    broken.push(violationOf(rule, this.#sender, frame.offset + frame.headLength + at))
  }
}
