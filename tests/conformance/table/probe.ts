import { text, until, type Step } from './case.ts'
import { closeFrame, textFrame } from './client-frames.ts'

/** What comes back when the server has found nothing wrong. */
export const PROBED = text('still there?')

/**
 * What the client does behind the steps of a case. A text that is answered says that all before it was; one that is not
 * says that the server has failed the connection, and what it would not look at.
 */
export const PROBE: readonly Step[] = [textFrame(PROBED.payload), until(PROBED), closeFrame(1000)]
