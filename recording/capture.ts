/** What a capture file holds, in the order of the file: packets, and comments on the whole of it. */
export type CaptureItem = CapturedPacket | { readonly kind: 'comment'; readonly text: string }

/** One packet of a capture. */
export interface CapturedPacket {
  readonly kind: 'packet'
  /** Its link type (`LINKS`). */
  readonly link: number
  /** Whole microseconds since 1970. */
  readonly at: number
  /** As far as it was kept. */
  readonly bytes: Uint8Array
  readonly comments: readonly string[]
  /** Its place in the file, for errors. */
  readonly where: string
}
