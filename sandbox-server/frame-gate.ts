import { FrameParser, ProtocolViolation } from '#protocol/frame-parser.ts'
import { advance, checkFrame, FIRST_FRAME } from '#protocol/frame-rules.ts'
import type { Frame } from '#protocol/frame.ts'
import { RULES, type RuleId } from '#protocol/rules.ts'

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
  readonly #parser: FrameParser
  readonly #context = { ...FIRST_FRAME }
  #pushed = 0

  /** @param maxPayloadLength of one frame, in bytes; a longer one is a failure with 1009 */
  constructor(maxPayloadLength: number) {
    this.#parser = new FrameParser({ maxPayloadLength })
  }

  /** Takes the next bytes of the client's stream; after the first failure the gate is of no more use. */
  push(bytes: Uint8Array): Failure | undefined {
    const from = this.#pushed
    this.#pushed += bytes.length
    try {
      return this.#firstFailure(this.#parser.push(bytes), from)
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error
      return (
        this.#firstFailure(error.frames, from) ??
        failure(error.rule, error.closeCode, bytes.length - error.rest.length)
      )
    }
  }

  #firstFailure(frames: readonly Frame[], from: number): Failure | undefined {
    for (const frame of frames) {
      const broken = checkFrame(frame, 'client', this.#context).find(each => each.closeCode !== undefined)
      if (broken) return failure(broken.rule, broken.closeCode, frame.offset - from)
      advance(this.#context, frame)
    }
    return undefined
  }
}

function failure(rule: RuleId, closeCode: number | undefined, at: number): Failure {
  const reason = `${RULES[rule].en.title} (${RULES[rule].section})`
  return { closeCode: closeCode ?? 1002, reason, at: Math.max(0, at) }
}
