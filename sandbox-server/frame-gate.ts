import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameHeadReader } from '#protocol/frame-head-reader.ts'
import { FrameRules } from '#protocol/frame-rules.ts'
import type { FrameHead } from '#protocol/frame.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { RULES } from '#protocol/rules.ts'
import { violationOf, type Violation } from '#protocol/violation.ts'
import { ruleWords } from '#words/en/rules.ts'
import type { Limits } from './limits.ts'
import type { TokenBucket } from './token-bucket.ts'

/** Why a connection has to be failed (RFC 6455 §7.1.7): the code and the reason of its Close frame. */
export interface Failure {
  readonly closeCode: number
  readonly reason: string
  /** The limit of ours that it is; undefined for a rule of the protocol. */
  readonly limit?: keyof Limits
}

const NOTHING = Buffer.alloc(0)

/** `ws` takes any key. */
const NO_KEY = new Uint8Array(4)

/** RFC 6455 §7.4.1: a message that violates the endpoint's policy. */
const TOO_MANY = { closeCode: 1008, reason: 'too many messages', limit: 'messagesPerSecond' } as const

/**
 * Holds the framing rules of RFC 6455 §5 against what a client sends, before `ws` reads it, which lets a length pass
 * that is not minimal and says of nothing what was wrong. What payloads say is left to `ws`.
 */
export class FrameGate {
  readonly #maxPayloadLength: number
  readonly #heads = new FrameHeadReader()
  readonly #rules: FrameRules
  readonly #rate: TokenBucket
  /** The beginning of a head that is not whole: it is judged before `ws` has any of it. */
  #held = NOTHING
  #pushed = 0
  /** Frames whose heads were whole, and where the last of them ends. */
  #begun = 0
  #end = 0
  #failure: Failure | undefined

  /**
   * @param maxPayloadLength of one frame, in bytes; a longer one is a failure with 1009
   * @param rate of messages and control frames; one too many is a failure with 1008
   * @param deflates permessage-deflate was agreed on, so RSV1 means something (RFC 7692 §6)
   */
  constructor(maxPayloadLength: number, rate: TokenBucket, deflates: boolean) {
    this.#maxPayloadLength = maxPayloadLength
    this.#rate = rate
    this.#rules = new FrameRules('client', deflates)
  }

  /** The one failure that there can be, once it has happened. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  /** Number of the frame that has begun and not ended, counted from 1; undefined between frames, and after the last. */
  get unfinished(): number | undefined {
    if (this.#failure || this.#pushed === this.#end) return undefined
    return this.#pushed < this.#end ? this.#begun : this.#begun + 1
  }

  /**
   * Takes the next bytes of the client's stream and gives those that `ws` is to read. In place of a frame that breaks a
   * rule they hold a Close with the code and the reason of the failure (§7.1.7): `ws` answers with the same when it has
   * answered all that came before, and ends TCP. Nothing behind that frame passes.
   */
  push(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    if (this.#failure) return NOTHING
    const waiting = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes
    const from = this.#pushed - this.#held.length
    this.#pushed += bytes.length
    for (const head of this.#heads.push(bytes)) {
      this.#begun++
      this.#end = head.offset + head.headLength + head.payloadLength
      const failure = this.#failureOf(head)
      if (!failure) continue
      this.#failure = failure
      return Buffer.concat([waiting.subarray(0, head.offset - from), closeFor(failure)])
    }
    const { pending } = this.#heads
    if (pending === 0) {
      this.#held = NOTHING
      return waiting
    }
    this.#held = Buffer.from(waiting.subarray(-pending))
    return waiting.subarray(0, -pending)
  }

  #failureOf(head: FrameHead): Failure | undefined {
    for (const { rule, closeCode } of this.#violationsOf(head)) {
      if (closeCode === undefined) continue
      const reason = `${ruleWords(rule).title} (${RULES[rule].section})`
      return { closeCode, reason, ...(rule === 'message-length' && { limit: 'messageBytes' }) }
    }
    // How many frames a message may have is bounded elsewhere.
    return head.opcode === OPCODES.continuation || this.#rate.take() ? undefined : TOO_MANY
  }

  #violationsOf(head: FrameHead): readonly Violation[] {
    const violations = this.#rules.check(head)
    if (head.payloadLength === Infinity)
      return [...violations, violationOf('length-63-bits', 'client', head.offset + 2)]
    return head.payloadLength > this.#maxPayloadLength
      ? [...violations, violationOf('message-length', 'client', head.offset + 2)]
      : violations
  }
}

function closeFor({ closeCode, reason }: Failure): Uint8Array {
  const payload = encodeClosePayload(closeCode, reason)
  return encodeFrame({ opcode: OPCODES.close, payload, maskingKey: NO_KEY })
}
