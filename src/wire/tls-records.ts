import { ROLES, type Role } from '#protocol/role.ts'
import type { RecordedChunk } from '#recording/recording.ts'

/** Bytes before what a record carries (RFC 8446 §5.1). */
export const RECORD_HEAD_BYTES = 5

/** What a record says of itself (RFC 8446 §5.1). */
export const RECORD_TYPES = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const

/** One record of TLS, as whoever stands between the two sees it. */
export interface TlsRecord {
  readonly from: Role
  /** When its last byte crossed, in microseconds of the session. */
  readonly at: number
  /** With its head. */
  readonly bytes: Uint8Array
  readonly kind: TlsRecordKind
}
export type TlsRecordKind =
  'client-hello' | 'server-hello' | 'change-cipher-spec' | 'application-data' | 'alert' | 'other'

/** The records of a connection, in the order in which they were complete. What is left unfinished is left out. */
export function tlsRecords(chunks: readonly RecordedChunk[]): TlsRecord[] {
  const held: Record<Role, Uint8Array> = { client: new Uint8Array(), server: new Uint8Array() }
  const records: TlsRecord[] = []
  for (const { from, bytes, at } of chunks) {
    let rest = joined(held[from], bytes)
    for (let length = recordLength(rest); length <= rest.length; length = recordLength(rest)) {
      const record = rest.slice(0, length)
      records.push({ from, at, bytes: record, kind: kindOf(record) })
      rest = rest.subarray(length)
    }
    held[from] = rest
  }
  return records
}

/** Whether a connection speaks TLS: what its client sent first is a record of a handshake. */
export function speaksTls(chunks: readonly RecordedChunk[]): boolean {
  const first = chunks.find(({ from }) => from === ROLES[0])
  return first?.bytes[0] === RECORD_TYPES.handshake && first.bytes[1] === 3
}

/** The extension with which a client names the host it asks for (RFC 6066 §3). */
export const SERVER_NAME = 0

/** The name of the host that a client asks for in its first words (RFC 8446 §4.1.2); undefined where it names none. */
export function serverName({ kind, bytes }: TlsRecord): string | undefined {
  if (kind !== 'client-hello') return undefined
  const number = (at: number, length: number) =>
    bytes.subarray(at, at + length).reduce((sum, byte) => sum * 256 + byte, 0)
  // Behind the message's type and length, its version and the random bytes.
  let at = RECORD_HEAD_BYTES + 1 + 3 + 2 + 32
  // Session ID, cipher suites and compression, each behind its length.
  for (const lengthBytes of [1, 2, 1]) at += lengthBytes + number(at, lengthBytes)
  at += 2
  while (at + 4 < bytes.length) {
    const length = number(at + 2, 2)
    if (number(at, 2) === SERVER_NAME && length > 5)
      return new TextDecoder().decode(bytes.subarray(at + 9, at + 4 + length)) || undefined
    at += 4 + length
  }
  return undefined
}

/** Whole length of the record at the start of those bytes, `Infinity` while its head is not there. */
function recordLength(bytes: Uint8Array): number {
  const [high, low] = [bytes[3], bytes[4]]
  return high === undefined || low === undefined ? Infinity : RECORD_HEAD_BYTES + high * 256 + low
}

function kindOf(bytes: Uint8Array): TlsRecordKind {
  switch (bytes[0]) {
    case RECORD_TYPES.changeCipherSpec:
      return 'change-cipher-spec'
    case RECORD_TYPES.applicationData:
      return 'application-data'
    case RECORD_TYPES.alert:
      return 'alert'
    case RECORD_TYPES.handshake:
      return bytes[RECORD_HEAD_BYTES] === 1
        ? 'client-hello'
        : bytes[RECORD_HEAD_BYTES] === 2
          ? 'server-hello'
          : 'other'
    default:
      return 'other'
  }
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length === 0) return after
  const bytes = new Uint8Array(before.length + after.length)
  bytes.set(before)
  bytes.set(after, before.length)
  return bytes
}
