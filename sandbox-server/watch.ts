import type { BusState } from '#contract/events.ts'
import type { Limits } from './limits.ts'

/** What is open: a control channel, or a connection to a lab. */
export type Kind = 'control' | 'lab'

/** Who hears of what an operator wants to know, as it happens. Nothing that a reader sent is part of it. */
export interface Watch {
  /** A limit was hit; its answer follows. */
  limit(name: keyof Limits): void
  /** A request was answered with that status instead of what it asked for. */
  refused(status: number): void
  /** A peer broke a rule: by the code that `ws` has for it, or that of our Close frame. */
  violation(rule: string): void
  opened(kind: Kind, lab?: string): void
  /** @param milliseconds how long it was open */
  closed(kind: Kind, code: number, milliseconds: number): void
  /** Chunks that a page was too slow for. */
  dropped(chunks: number): void
  /** The way to the other instances is there, or lost. */
  bus(state: BusState): void
}
