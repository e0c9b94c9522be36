import { OPCODES } from '#protocol/opcodes.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'

/** The frames of one message, by number: the first, and the last so far. Control frames in between are none of it. */
export interface MessageFrames {
  readonly from: Role
  readonly first: number
  readonly last: number
  /** True once the frame with FIN has come. */
  readonly complete: boolean
}

/** A message that goes on. */
interface Open {
  readonly from: Role
  readonly first: number
  last: number
  complete: boolean
}

/** Which frames make which message (RFC 6455 §5.4), followed as they come; needs no look back. */
export class MessageIndex {
  /** By number of a frame, from `#first` on. */
  #messages: (Open | undefined)[] = []
  #first = 0
  readonly #open: Record<Role, Open | undefined> = { client: undefined, server: undefined }

  /** Takes the item with the next number. */
  add(number: number, item: TraceItem): void {
    if (this.#messages.length === 0) this.#first = number
    this.#messages.push(item.kind === 'frame' ? this.#of(number, item) : undefined)
  }

  #of(number: number, { from, frame }: Extract<TraceItem, { kind: 'frame' }>): Open | undefined {
    if (frame.opcode > OPCODES.binary) return undefined
    const begun = this.#open[from]
    // A continuation of nothing is nobody's; a data frame inside an unfinished message begins another (both break §5.4).
    if (frame.opcode === OPCODES.continuation && !begun) return undefined
    const message =
      frame.opcode === OPCODES.continuation && begun
        ? begun
        : { from, first: number, last: number, complete: false }
    message.last = number
    message.complete = frame.fin
    this.#open[from] = frame.fin ? undefined : message
    return message
  }

  /** The message that a frame is part of. */
  of(number: number): MessageFrames | undefined {
    return this.#messages[number - this.#first]
  }

  /** Messages that have begun and not ended. */
  get unfinished(): readonly MessageFrames[] {
    return ROLES.flatMap(role => this.#open[role] ?? [])
  }

  /** Lets go of frames before that number. */
  forgetBefore(number: number): void {
    const count = Math.min(number - this.#first, this.#messages.length)
    if (count < COMPACT_FROM && count < this.#messages.length) return
    this.#messages = this.#messages.slice(count)
    this.#first += count
  }
}

/** Forgotten entries that are worth being swept up. */
const COMPACT_FROM = 1024
