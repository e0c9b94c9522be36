import type { Chapter } from './case.ts'
import { closing } from './chapters/closing.ts'
import { compression } from './chapters/compression.ts'
import { fragmentation } from './chapters/fragmentation.ts'
import { framing } from './chapters/framing.ts'
import { masking } from './chapters/masking.ts'
import { opcodes } from './chapters/opcodes.ts'
import { pingPong } from './chapters/ping-pong.ts'
import { reservedBits } from './chapters/reserved-bits.ts'
import { utf8 } from './chapters/utf8.ts'

const CHAPTERS: readonly Chapter[] = [
  framing,
  masking,
  reservedBits,
  opcodes,
  pingPong,
  fragmentation,
  utf8,
  closing,
  compression,
]

/** Every case, by what it is about, under a name that is its own: `framing/early`. */
export const TABLE: readonly Chapter[] = CHAPTERS.map(({ title, cases }) => ({
  title,
  cases: cases.map(each => ({ ...each, id: `${title}/${each.id}` })),
}))

export const CASES = TABLE.flatMap(({ cases }) => cases)
