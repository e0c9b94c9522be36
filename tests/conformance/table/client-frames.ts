import { bytesOf } from './case.ts'

/** A client's frame, legal or not, written here without the code that is judged. */
export interface ClientFrame {
  readonly opcode: number
  readonly payload?: string | Uint8Array
  /** Default true. */
  readonly fin?: boolean
  /** Bits of RSV1 to RSV3: 4, 2, 1. */
  readonly rsv?: number
  /** Default a fixed one; `null` leaves the frame unmasked. */
  readonly key?: Uint8Array | null
  /** Bits of the length; the fewest unless given. */
  readonly form?: 7 | 16 | 64
  /** Length in the head; that of the payload unless given. */
  readonly declared?: number | bigint
}

const KEY = Uint8Array.of(0x9c, 0x21, 0x5e, 0xf3)

export function frame({ opcode, payload = '', fin = true, rsv = 0, ...more }: ClientFrame): Buffer {
  const { key = KEY, declared } = more
  const bytes = bytesOf(payload)
  const length = BigInt(declared ?? bytes.length)
  const form = more.form ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64)
  const mask = key === null ? 0 : 0x80
  const head = Buffer.alloc(form === 7 ? 2 : form === 16 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  head[1] = mask | (form === 7 ? Number(length) : form === 16 ? 126 : 127)
  if (form === 16) head.writeUInt16BE(Number(length), 2)
  if (form === 64) head.writeBigUInt64BE(length, 2)
  if (key === null) return Buffer.concat([head, bytes])
  return Buffer.concat([head, key, bytes.map((byte, i) => byte ^ (key[i % 4] ?? 0))])
}

type More = Omit<ClientFrame, 'opcode' | 'payload'>

export function textFrame(payload: string | Uint8Array = '', more: More = {}): Buffer {
  return frame({ opcode: 1, payload, ...more })
}

export function binaryFrame(payload: string | Uint8Array = '', more: More = {}): Buffer {
  return frame({ opcode: 2, payload, ...more })
}

export function continuation(payload: string | Uint8Array = '', more: More = {}): Buffer {
  return frame({ opcode: 0, payload, ...more })
}

export function pingFrame(payload: string | Uint8Array = '', more: More = {}): Buffer {
  return frame({ opcode: 9, payload, ...more })
}

export function pongFrame(payload: string | Uint8Array = '', more: More = {}): Buffer {
  return frame({ opcode: 10, payload, ...more })
}

/** A Close with a code and a reason, or without both. */
export function closeFrame(code?: number, reason: string | Uint8Array = '', more: More = {}): Buffer {
  const start = code === undefined ? [] : [code >> 8, code & 0xff]
  return frame({ opcode: 8, payload: Buffer.concat([Buffer.from(start), bytesOf(reason)]), ...more })
}

/** A message in several frames, one for each part. */
export function fragmented(opcode: 1 | 2, ...parts: readonly (string | Uint8Array)[]): Buffer[] {
  return parts.map((payload, i) =>
    frame({ opcode: i === 0 ? opcode : 0, payload, fin: i === parts.length - 1 }),
  )
}
