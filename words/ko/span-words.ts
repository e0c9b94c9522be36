import type { Span } from '../span.ts'

/** What a reader is told of a part of a head or frame. */
export interface SpanWords {
  readonly label: string
  /** One sentence on what the part means here. */
  readonly sentence: string
}

/** A part with its words. */
export type Worded<Part extends Span> = Part & SpanWords
