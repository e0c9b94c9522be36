/** What comes before a frame's payload (RFC 6455 §5.2), legal or not. */
export interface FrameHead {
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  /** 0–15. */
  readonly opcode: number
  readonly masked: boolean
  /** The masking key as one 32-bit number, the first octet highest, when masked. */
  readonly maskingWord: number | undefined
  /** Which of the three ways of writing the length the frame uses, in bits. */
  readonly lengthForm: 7 | 16 | 64
  /** Bytes of payload. */
  readonly payloadLength: number
  /** Bytes before the payload: 2–14. */
  readonly headLength: number
  /** Offset of the frame's first byte in its direction's stream after the handshake. */
  readonly offset: number
}

/** One frame as it crossed, legal or not. */
export interface Frame extends FrameHead {
  /** Four bytes, when masked. */
  readonly maskingKey: Uint8Array | undefined
  /** Unmasked. */
  readonly payload: Uint8Array
  /** Head and payload verbatim as they crossed; empty from a parser that was told not to keep it. */
  readonly wire: Uint8Array
}
