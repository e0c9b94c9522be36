import { base64OfBytes, bytesOfBase64 } from './base64.ts'
import type { RecordedChunk, RecordedConnection, Recording } from './recording.ts'

/**
 * A recording as a page carries it: read and checked when the page was built, so that the page needs none of the code
 * that checks a file. JSON can hold it.
 */
export interface PackedRecording extends Omit<Recording, 'connections'> {
  readonly connections: readonly PackedConnection[]
}
interface PackedConnection extends Omit<RecordedConnection, 'chunks'> {
  /** Bytes in base64. */
  readonly chunks: readonly (Omit<RecordedChunk, 'bytes'> & { readonly bytes: string })[]
}

export function packRecorded(recording: Recording): PackedRecording {
  const connections = recording.connections.map(one => ({
    ...one,
    chunks: one.chunks.map(each => ({ ...each, bytes: base64OfBytes(each.bytes) })),
  }))
  return { ...recording, connections }
}

/** @throws Error when this was not made by `packRecorded` */
export function unpackRecorded(packed: PackedRecording): Recording {
  const connections = packed.connections.map(one => ({
    ...one,
    chunks: one.chunks.map(each => ({ ...each, bytes: bytesIn(each.bytes) })),
  }))
  return { ...packed, connections }
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOfBase64(text)
  if (!bytes) throw new Error('a packed recording holds something that is no base64')
  return bytes
}
