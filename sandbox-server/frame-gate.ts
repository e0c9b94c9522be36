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
  /** Index in what was pushed of the frame at fault, 0 when it began before. */
  readonly at: number
}

/** RFC 6455 §7.4.1: a message that violates the endpoint's policy. */
const TOO_MANY = { closeCode: 1008, reason: 'too many messages', limit: 'messagesPerSecond' } as const

/**
 * Holds the framing rules of RFC 6455 §5 against what a client sends, before `ws` reads it, which lets a length pass
 * that is not minimal. What payloads say is left to `ws`.
 */
export class FrameGate {
  readonly #maxPayloadLength: number
  readonly #heads = new FrameHeadReader()
  readonly #rules: FrameRules
  readonly #rate: TokenBucket
  #pushed = 0
  /** Frames whose heads were whole, and where the last of them ends. */
  #begun = 0
  #end = 0

  /**
   * @param maxPayloadLength of one frame, in bytes; a longer one is a failure with 1009
   * @param rate of messages and control frames; one too many is a failure with 1008
   * @param deflates permessage-deflate was agreed on, so RSV1 means something (RFC 7692 §6)
   */
  constructor(maxPayloadLength: number, rate: TokenBucket, deflates = false) {
    this.#maxPayloadLength = maxPayloadLength
    this.#rate = rate
    this.#rules = new FrameRules('client', deflates)
  }

  /** Number of the frame that has begun and not ended, counted from 1; undefined between frames. */
  get unfinished(): number | undefined {
    if (this.#pushed === this.#end) return undefined
    return this.#pushed < this.#end ? this.#begun : this.#begun + 1
  }

  /** Takes the next bytes of the client's stream; after the first failure the gate is of no more use. */
  push(bytes: Uint8Array): Failure | undefined {
    const from = this.#pushed
    this.#pushed += bytes.length
    for (const head of this.#heads.push(bytes)) {
      this.#begun++
      this.#end = head.offset + head.headLength + head.payloadLength
      for (const { rule, closeCode } of this.#violationsOf(head)) {
        if (closeCode === undefined) continue
        const reason = `${ruleWords(rule).title} (${RULES[rule].section})`
        return {
          closeCode,
          reason,
          ...(rule === 'message-length' && { limit: 'messageBytes' }),
          at: Math.max(0, head.offset - from),
        }
      }
      // How many frames a message may have is bounded elsewhere.
      if (head.opcode !== OPCODES.continuation && !this.#rate.take())
        return { ...TOO_MANY, at: Math.max(0, head.offset - from) }
    }
    return undefined
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
