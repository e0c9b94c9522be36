import { base64OfBytes, bytesOfBase64 } from '#recording/base64.ts'
import { RecordingError } from '#recording/recording-error.ts'
import { parseRecording, type Recording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'

/** Longest recording that a link may carry, in characters: what chat programs still take. */
export const MAX_PACKED_LENGTH = 16 * 1024

/** Most bytes of JSON that a link may inflate to. */
const MAX_INFLATED_BYTES = 4 * 1024 * 1024

/** A recording that is too large for a link, or a link that holds none; the message is a Korean sentence. */
export class ShareLinkError extends Error {
  override readonly name = 'ShareLinkError'
}

/**
 * A whole recording as characters that a URL takes as they are.
 * @throws ShareLinkError when there would be more than `MAX_PACKED_LENGTH` of them
 */
export async function packRecording(recording: Recording): Promise<string> {
  const json = new TextEncoder().encode(serializeRecording(recording, { secrets: 'keep' }))
  const packed = await through(json, new CompressionStream('deflate-raw'), Infinity)
  const text = base64OfBytes(packed).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  if (text.length > MAX_PACKED_LENGTH)
    throw new ShareLinkError(
      `이 기록은 링크에 담기에는 큽니다(${kib(text.length)}KiB, 한도는 ${kib(MAX_PACKED_LENGTH)}KiB). 파일로 내보내 주십시오.`,
    )
  return text
}

/**
 * Reads what `packRecording` wrote.
 * @throws ShareLinkError when it is cut short, damaged, too large, or holds no recording
 */
export async function unpackRecording(text: string): Promise<Recording> {
  const broken = new ShareLinkError(
    '링크에 담긴 기록이 온전하지 않습니다. 링크를 끝까지 복사했는지 확인해 주십시오.',
  )
  const padded = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(text.length / 4) * 4, '=')
  const packed = bytesOfBase64(padded)
  if (!packed) throw broken
  try {
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), MAX_INFLATED_BYTES)
    return parseRecording(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    // The platform's streams and decoders say TypeError of damaged data.
    if (error instanceof RecordingError || error instanceof TypeError) throw broken
    throw error
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length
    if (length > most) {
      await reader.cancel()
      throw new ShareLinkError('링크에 담긴 기록이 한도보다 큽니다.')
    }
    parts.push(read.value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function kib(length: number): string {
  return (length / 1024).toFixed(1)
}
