import { parseClosePayload } from './close-payload.ts'
import type { MessageInflater } from './deflate.ts'
import { DEFAULT_MAX_PAYLOAD_LENGTH } from './frame-parser.ts'
import type { Frame } from './frame.ts'
import { HeldBytes } from './held-bytes.ts'
import { OPCODES } from './opcodes.ts'
import type { Role } from './role.ts'
import type { FrameRuleId } from './frame-rule-facts.ts'
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

/** A message of one frame, as most are: unmasked and decoded only when somebody asks. */
class WholeMessage implements Message {
  readonly #frame: Frame
  #text: string | undefined

  constructor(frame: Frame) {
    this.#frame = frame
  }

  get kind(): 'text' | 'binary' {
    return this.#frame.opcode === OPCODES.text ? 'text' : 'binary'
  }

  get frames(): number {
    return 1
  }

  get wireLength(): number {
    return this.#frame.payloadLength
  }

  get compressed(): boolean {
    return false
  }

  get payload(): Uint8Array {
    return this.#frame.payload
  }

  get text(): string | undefined {
    return this.kind === 'text' ? (this.#text ??= decodeUtf8(this.payload)) : undefined
  }
}

/** A message put together from several frames, or inflated. */
class AssembledMessage implements Message {
  readonly kind: 'text' | 'binary'
  readonly payload: Uint8Array
  readonly frames: number
  readonly wireLength: number
  readonly compressed: boolean
  readonly #readable: boolean
  #text: string | undefined

  /** @param readable whether the payload is what the sender meant, not its compressed form */
  constructor({ kind, frames, length, compressed }: Unfinished, payload: Uint8Array, readable: boolean) {
    this.kind = kind
    this.payload = payload
    this.frames = frames
    this.wireLength = length
    this.compressed = compressed
    this.#readable = readable
  }

  get text(): string | undefined {
    return this.kind === 'text' && this.#readable ? (this.#text ??= decodeUtf8(this.payload)) : undefined
  }
}

/** A fragmented or compressed message that has begun. */
interface Unfinished {
  readonly kind: 'text' | 'binary'
  readonly compressed: boolean
  /** Payloads so far, one after the other: a message in fragments of a byte takes no more memory than in one. */
  readonly held: HeldBytes
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
   * @returns the message it completes, or what is wrong with the content so far
   */
  push(frame: Frame): Message | Violation | undefined {
    const { opcode } = frame
    if (opcode > OPCODES.binary) return opcode === OPCODES.close ? this.#close(frame) : undefined
    if (opcode === OPCODES.continuation) return this.#unfinished && this.#add(this.#unfinished, frame)
    const kind = opcode === OPCODES.text ? 'text' : 'binary'
    if (kind === 'text') this.#utf8.reset()
    if (frame.fin && !frame.rsv1) {
      this.#unfinished = undefined
      return this.#contentFault(frame, kind === 'text', frame.payloadLength) ?? new WholeMessage(frame)
    }
    this.#unfinished = {
      kind,
      compressed: frame.rsv1,
      held: new HeldBytes(),
      length: 0,
      frames: 0,
      broken: false,
    }
    return this.#add(this.#unfinished, frame)
  }

  #add(message: Unfinished, frame: Frame): Message | Violation | undefined {
    message.frames++
    message.length += frame.payloadLength
    if (frame.fin) this.#unfinished = undefined
    if (message.broken) return undefined
    const fault = this.#contentFault(frame, message.kind === 'text' && !message.compressed, message.length)
    if (fault) {
      message.broken = true
      message.held.take()
      return fault
    }
    const { payload } = frame
    if (frame.fin && message.frames === 1) return this.#complete(message, frame, payload)
    const { held } = message
    held.append(payload, 0, payload.length, 2 * held.buffer.length)
    return frame.fin ? this.#complete(message, frame, held.take()) : undefined
  }

  /** What is wrong with a frame as the next part of its message, `length` bytes of which are here with it. */
  #contentFault(frame: Frame, isText: boolean, length: number): Violation | undefined {
    if (length > this.#maxMessageLength) return this.#blame(frame, 'message-length', 0)
    if (!isText) return undefined
    const bad = this.#utf8.push(frame.payload)
    if (bad >= 0) return this.#blame(frame, 'text-utf8', bad)
    return frame.fin && !this.#utf8.complete
      ? this.#blame(frame, 'text-utf8', frame.payloadLength - 1)
      : undefined
  }

  /** @param joined payloads of all its frames */
  #complete(message: Unfinished, frame: Frame, joined: Uint8Array): Message | Violation {
    if (!message.compressed) return new AssembledMessage(message, joined, true)
    if (!this.#inflater) return new AssembledMessage(message, joined, false)
    let payload: Uint8Array
    try {
      payload = this.#inflater.message(joined, this.#maxMessageLength)
    } catch (error) {
      return this.#blame(frame, error instanceof RangeError ? 'message-length' : 'deflate-data', 0)
    }
    return message.kind === 'text' && firstBadUtf8(payload) >= 0
      ? this.#blame(frame, 'text-utf8', 0)
      : new AssembledMessage(message, payload, true)
  }

  #close(frame: Frame): Violation | undefined {
    const { code, fault } = parseClosePayload(frame.payload)
    if (fault) return this.#blame(frame, fault.rule, fault.at)
    // "this status code is not used by the server, because it can fail the WebSocket handshake instead" (§7.4.1)
    return code === 1010 && this.#sender === 'server'
      ? this.#blame(frame, 'close-code-of-clients', 0)
      : undefined
  }

  /** @param at index in the payload; -1 is the head's last byte, where an empty payload shows what it lacks */
  #blame(frame: Frame, rule: FrameRuleId, at: number): Violation {
    return violationOf(rule, this.#sender, frame.offset + frame.headLength + at)
  }
}
