import { FrameHeadReader } from '#protocol/frame-head-reader.ts'
import { FrameRules } from '#protocol/frame-rules.ts'
import type { FrameHead } from '#protocol/frame.ts'
import { RULES } from '#protocol/rules.ts'
import { violationOf, type Violation } from '#protocol/violation.ts'
import { ruleWords } from '#words/en/rules.ts'

/** Why a connection has to be failed (RFC 6455 §7.1.7): the code and the reason of its Close frame. */
export interface Failure {
  readonly closeCode: number
  readonly reason: string
  /** Index in what was pushed of the frame at fault, 0 when it began before. */
  readonly at: number
}

/**
 * Holds the framing rules of RFC 6455 §5 against what a client sends, before `ws` reads it, which lets a length pass
 * that is not minimal. What payloads say is left to `ws`.
 */
export class FrameGate {
  readonly #maxPayloadLength: number
  readonly #heads = new FrameHeadReader()
  readonly #rules: FrameRules
  #pushed = 0

  /**
   * @param maxPayloadLength of one frame, in bytes; a longer one is a failure with 1009
   * @param deflates permessage-deflate was agreed on, so RSV1 means something (RFC 7692 §6)
   */
  constructor(maxPayloadLength: number, deflates = false) {
    this.#maxPayloadLength = maxPayloadLength
    this.#rules = new FrameRules('client', deflates)
  }

  /** Takes the next bytes of the client's stream; after the first failure the gate is of no more use. */
  push(bytes: Uint8Array): Failure | undefined {
    const from = this.#pushed
    this.#pushed += bytes.length
    for (const head of this.#heads.push(bytes)) {
      for (const { rule, closeCode } of this.#violationsOf(head)) {
        if (closeCode === undefined) continue
        const reason = `${ruleWords(rule).title} (${RULES[rule].section})`
        return { closeCode, reason, at: Math.max(0, head.offset - from) }
      }
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
