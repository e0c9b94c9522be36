/** A named stretch of a head or frame: what one byte, or one bit, belongs to. */
export interface Span {
  /** Stable name, unique in its head or frame: `fin`, `masking-key`, `field:host:name`. */
  readonly id: string
  /** The RFC's term. */
  readonly name: string
  /** What stands there, ready to show. */
  readonly value: string
  /** Byte offsets, `end` excluded. Spans of single bits share their byte. */
  readonly start: number
  readonly end: number
  /** For the first two bytes of a frame: bits 0 (the first to cross) to 16, `end` excluded. */
  readonly bits?: { readonly start: number; readonly end: number }
  /** Where it is defined, ready to show: `RFC 6455 §5.2`. */
  readonly section: string
}
