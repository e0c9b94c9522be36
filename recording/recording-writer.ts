import { base64OfBytes } from './base64.ts'
import type { Recording } from './recording.ts'
import { maskSecrets, type ExportOptions } from './secrets.ts'

/** Writes a recording as the JSON text that `parseRecording` reads back; secrets are masked unless asked otherwise. */
export function serializeRecording(value: Recording, { secrets = 'mask' }: ExportOptions = {}): string {
  const shown = secrets === 'mask' ? maskSecrets(value) : value
  const connections = shown.connections.map(one => ({
    ...one,
    chunks: one.chunks.map(each => ({ ...each, bytes: base64OfBytes(each.bytes) })),
  }))
  return `${JSON.stringify({ ...shown, connections }, null, 1)}\n`
}
