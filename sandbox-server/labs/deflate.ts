import { echo } from './echo.ts'
import type { Lab } from './lab.ts'

/** Echoes as `echo` does, and compresses where the client has offered to. */
export const deflate: Lab = { ...echo, name: 'deflate', compresses: true }
