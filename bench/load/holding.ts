/** What asks a server's probe for it. */
export const HOLD = 'hold'

/** What a server process holds. */
export interface Holding {
  /** Bytes of objects, and of buffers beside them. */
  readonly heap: number
  /** Bytes of the process that are in memory. */
  readonly rss: number
  /** Open file descriptors, of which those of Node itself are some twenty. */
  readonly files: number
  /** Microseconds of processor time since it began. */
  readonly processor: number
}

/** What makes the clock of a sandbox jump, in microseconds. */
export const JUMP = 'jump'
export interface Jump {
  readonly [JUMP]: number
}
