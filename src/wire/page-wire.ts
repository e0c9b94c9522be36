import type { CapturedConnection } from './captured-connection.ts'
import type { RaceResult } from './race-figures.ts'

/** A lab's connections as its missions see them: only the reader's own, never a recording. */
export interface LabWire {
  /** Those of the latest that are kept, oldest first; the last may still be live. */
  readonly connections: readonly CapturedConnection[]
  /** How many came before these and are forgotten. */
  readonly before: number
  /** Races that were run to their end, oldest first. */
  readonly races?: readonly RaceResult[]
  /** No sandbox: nothing can be judged now. */
  readonly absent: boolean
}

const wires = new Map<string, LabWire>()
const listeners = new Set<() => void>()

/** Tells this page's missions what a lab captured so far. */
export function publishWire(lab: string, wire: LabWire): void {
  wires.set(lab, wire)
  for (const listener of listeners) listener()
}

/** Calls back at once when the lab has a wire, and after every change. Returns how to stop. */
export function watchWire(lab: string, listener: (wire: LabWire) => void): () => void {
  const tell = () => {
    const wire = wires.get(lab)
    if (wire !== undefined) listener(wire)
  }
  tell()
  listeners.add(tell)
  return () => listeners.delete(tell)
}
