/** Longest stretch of work between two moments at which the page may answer, in milliseconds. */
const SLICE_MS = 10

/** Lets everything else have its turn; timers would wait longer. */
export function breathe(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resolve()
  }
  port2.postMessage(undefined)
  return promise
}

/** True once a slice that begins now is over; asks the clock every time. */
export function sliceEnd(now: () => number, milliseconds = SLICE_MS): () => boolean {
  const end = now() + milliseconds
  return () => now() >= end
}

/**
 * Goes through an iteration without keeping the page from answering.
 * @param goOn asked before every slice; false gives up
 * @returns true when it came to the end
 */
export async function inSlices(
  iteration: Iterator<unknown>,
  goOn: () => boolean,
  now: () => number = () => performance.now(),
): Promise<boolean> {
  for (;;) {
    if (!goOn()) return false
    const over = sliceEnd(now)
    do for (let step = 0; step < STEPS; step++) if (iteration.next().done === true) return true
    while (!over())
    await breathe()
  }
}

/** Steps between two looks at the clock. */
const STEPS = 16
