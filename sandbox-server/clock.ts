/** Microseconds since a fixed moment, never going back. */
export type Clock = () => number

/** The process's own clock. */
export const processClock: Clock = () => performance.now() * 1000
