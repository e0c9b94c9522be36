import { notNegative, shaped, type Shaped } from './fields.ts'

/** Milliseconds between two messages of the lab `pulse`. */
export const PULSE_EVERY_MS = 1_000

const PULSE = {
  /** TCP connections, pages and WebSockets that the sandbox holds. */
  connections: notNegative,
  sessions: notNegative,
  webSockets: notNegative,
  /** Memory of its process, in MiB. */
  memory: notNegative,
  /** How late its event loop was at worst since the last, in milliseconds. */
  delay: notNegative,
} as const

/** How the sandbox is: one message of the lab `pulse`. */
export type Pulse = Shaped<typeof PULSE>

/** Reads a message of the lab `pulse`; undefined when it is none. */
export function readPulse(message: string): Pulse | undefined {
  try {
    return shaped(PULSE, JSON.parse(message) as object, field => {
      throw new TypeError(field)
    })
  } catch {
    return undefined
  }
}
