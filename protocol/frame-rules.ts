import type { FrameHead } from './frame.ts'
import { OPCODES } from './opcodes.ts'
import type { Role } from './role.ts'
import type { FrameRuleId } from './frame-rule-facts.ts'
import { NO_VIOLATIONS, violationOf, type Violation } from './violation.ts'

/**
 * Holds the rules about single frames and their order (RFC 6455 §5) against one direction's frames, one after the
 * other. What a payload says is judged when its message is put together (`message.ts`).
 */
export class FrameRules {
  readonly #sender: Role
  /** permessage-deflate is in use: RSV1 has a meaning (RFC 7692 §6). */
  readonly #deflate: boolean
  /** A message was begun and not finished (§5.4). */
  #messageOpen = false
  /** A Close frame was sent (§5.5.1). */
  #closed = false
  /** Masking key of the frame before, as `Frame.maskingWord`. */
  #lastKey: number | undefined

  constructor(sender: Role, deflate: boolean) {
    this.#sender = sender
    this.#deflate = deflate
  }

  /** Every rule the direction's next frame breaks, in order of offset. */
  check(frame: FrameHead): readonly Violation[] {
    const key = frame.maskingWord
    const isFresh = key === undefined || key !== this.#lastKey
    this.#lastKey = key
    if (isFresh && this.#isOrdinary(frame)) return NO_VIOLATIONS
    const broken = this.#broken(frame, isFresh)
    const { opcode } = frame
    if (opcode < 8) this.#messageOpen = !frame.fin
    else if (opcode === OPCODES.close) this.#closed = true
    return broken
  }

  /** What most frames are, a whole message that breaks nothing: told by fewer comparisons than all the rules take. */
  #isOrdinary(frame: FrameHead): boolean {
    return (
      frame.fin &&
      (frame.opcode === OPCODES.text || frame.opcode === OPCODES.binary) &&
      !(frame.rsv1 || frame.rsv2 || frame.rsv3) &&
      !(this.#messageOpen || this.#closed) &&
      frame.masked === (this.#sender === 'client') &&
      isMinimal(frame)
    )
  }

  #broken(frame: FrameHead, isFresh: boolean): Violation[] {
    const { opcode, offset } = frame
    const broken: Violation[] = []
    const blame = (rule: FrameRuleId, at: number): void => {
      broken.push(violationOf(rule, this.#sender, offset + at))
    }
    const control = opcode >= 8
    const fromClient = this.#sender === 'client'

    if (frame.rsv2 || frame.rsv3 || (frame.rsv1 && !this.#deflate)) blame('reserved-bits', 0)
    else if (frame.rsv1 && (control || opcode === OPCODES.continuation)) blame('deflate-first-frame', 0)

    if (opcode > OPCODES.pong || (opcode > OPCODES.binary && !control)) blame('reserved-opcode', 0)
    else if (opcode === OPCODES.continuation) {
      if (!this.#messageOpen) blame('continuation-of-nothing', 0)
    } else if (!control && this.#messageOpen) blame('message-interleaved', 0)

    if (control && !frame.fin) blame('control-unfragmented', 0)
    if (this.#closed) {
      if (opcode === OPCODES.close) blame('close-once', 0)
      else if (!control) blame('data-after-close', 0)
    }
    if (control && frame.payloadLength > 125) blame('control-length', 1)
    if (frame.masked !== fromClient) blame(fromClient ? 'client-masks' : 'server-never-masks', 1)
    if (!isMinimal(frame)) blame('length-minimal', 1)
    if (fromClient && !isFresh) blame('masking-key-fresh', frame.headLength - 4)
    return broken
  }
}

/** "the minimal number of bytes MUST be used to encode the length" (§5.2) */
function isMinimal({ lengthForm, payloadLength }: FrameHead): boolean {
  return payloadLength >= (lengthForm === 7 ? 0 : lengthForm === 16 ? 126 : 0x10000)
}
