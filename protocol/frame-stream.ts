import { MessageInflater, type DeflateParameters, type Inflate } from './deflate.ts'
import { FrameParser, ProtocolViolation } from './frame-parser.ts'
import { FrameRules } from './frame-rules.ts'
import type { Frame } from './frame.ts'
import { MessageAssembler, type Message } from './message.ts'
import type { Role } from './role.ts'
import { violationOf, type Violation } from './violation.ts'

/** One frame with all that can be said of it. */
export interface JudgedFrame {
  readonly frame: Frame
  /** Rules it breaks, those about the message it completes included; in order of offset. */
  readonly violations: readonly Violation[]
  /** The message it completes, when it completes a good one. */
  readonly message: Message | undefined
}

/** Bytes that cannot be cut into frames: the end of all understanding of this direction. */
export interface StreamFault {
  readonly violation: Violation
  /** From the first byte of the frame at fault to the last byte pushed. */
  readonly bytes: Uint8Array
}

export interface FrameStreamOptions {
  /** Longest payload of a frame, and longest message, in bytes (default 16 MiB). */
  readonly maxLength?: number
  /**
   * Agreed permessage-deflate, with the function that inflates; without one compressed messages are legal, and stay
   * as they crossed.
   */
  readonly deflate?:
    { readonly parameters: DeflateParameters; readonly inflate?: Inflate | undefined } | undefined
  /** See `FrameParserOptions`. */
  readonly keepWire?: boolean
}

/** One direction of an open connection: bytes in, judged frames and messages out. */
export class FrameStream {
  readonly #sender: Role
  readonly #parser: FrameParser
  readonly #assembler: MessageAssembler
  readonly #rules: FrameRules

  constructor(sender: Role, options: FrameStreamOptions = {}) {
    const { deflate, maxLength, keepWire } = options
    this.#sender = sender
    this.#parser = new FrameParser({
      ...(maxLength !== undefined && { maxPayloadLength: maxLength }),
      ...(keepWire !== undefined && { keepWire }),
    })
    this.#assembler = new MessageAssembler(sender, {
      ...(maxLength !== undefined && { maxMessageLength: maxLength }),
      inflater: deflate?.inflate && new MessageInflater(deflate.inflate, deflate.parameters, sender),
    })
    this.#rules = new FrameRules(sender, deflate !== undefined)
  }

  /** Bytes held of an unfinished frame. */
  get pending(): number {
    return this.#parser.pending
  }

  /** Takes the next bytes. Frames that break rules come too, marked; after a fault every push is a fault. */
  push(bytes: Uint8Array): { readonly frames: readonly JudgedFrame[]; readonly fault?: StreamFault } {
    try {
      return { frames: this.#parser.push(bytes).map(frame => this.#judge(frame)) }
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error
      return {
        frames: error.frames.map(frame => this.#judge(frame)),
        fault: { violation: violationOf(error.rule, this.#sender, error.offset), bytes: error.rest },
      }
    }
  }

  #judge(frame: Frame): JudgedFrame {
    const violations = this.#rules.check(frame)
    const content = this.#assembler.push(frame)
    return content && 'rule' in content
      ? { frame, violations: [...violations, content], message: undefined }
      : { frame, violations, message: content }
  }
}
