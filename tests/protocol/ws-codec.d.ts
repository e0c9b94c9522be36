import type { Writable } from 'node:stream'

/** The codec inside `ws`, which it exports and its types leave out. */
declare module 'ws' {
  interface ReceiverOptions {
    readonly isServer?: boolean
    readonly maxPayload?: number
    readonly extensions?: Readonly<Record<string, PerMessageDeflate>>
    readonly allowSynchronousEvents?: boolean
  }

  /** Emits `message` (bytes, isBinary), `ping`, `pong` (bytes), `conclude` (code, reason) and `error`. */
  class Receiver extends Writable {
    constructor(options?: ReceiverOptions)
  }

  class Sender {
    static frame(
      data: Uint8Array,
      options: {
        readonly opcode: number
        readonly fin?: boolean
        readonly rsv1?: boolean
        readonly mask?: boolean
        readonly readOnly?: boolean
        readonly generateMask?: (mask: Uint8Array) => void
        readonly maskBuffer?: Uint8Array
      },
    ): Uint8Array[]
  }

  class PerMessageDeflate {
    static readonly extensionName: string
    constructor(options?: {
      readonly threshold?: number
      readonly isServer?: boolean
      readonly maxPayload?: number
    })
    offer(): Readonly<Record<string, unknown>>
    accept(configurations: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>>
    cleanup(): void
  }
}
