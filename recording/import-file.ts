import { hexOf } from '#protocol/hex.ts'
import { fromPcap, fromPcapng } from './capture-reader.ts'
import { fromHar } from './har-reader.ts'
import { fromHexDump, isHexDump } from './hex-dump-reader.ts'
import { parseJson } from './json.ts'
import { MAX_FILE_BYTES, MAX_TEXT_LENGTH } from './limits.ts'
import { isPcap } from './pcap-file.ts'
import { isPcapng } from './pcapng-file.ts'
import { damaged, RecordingError } from './recording-error.ts'
import { parseRecording, type Recording } from './recording.ts'

/** Beginnings of packed files, which are to be unpacked first: gzip, zstd, xz, zip, bzip2. */
const PACKED: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0xfd, 0x37, 0x7a, 0x58],
  [0x50, 0x4b, 0x03, 0x04],
  [0x42, 0x5a, 0x68],
]
/** Where the kind of a text is looked for, in UTF-16 units. */
const BEGINNING = 4096

/**
 * Reads a file of any kind that can be read, recognised by what is in it: a recording, pcapng or pcap, HAR, hex dump.
 * @param name of the file; without folder and ending it is the title of a recording that brings none
 * @throws RecordingError, and nothing else, naming what is wrong and where
 */
export function importFile(bytes: Uint8Array, name: string): Recording {
  if (bytes.length > MAX_FILE_BYTES)
    throw new RecordingError('too-large', '', `${bytes.length} bytes, and at most ${MAX_FILE_BYTES} are read`)
  const title = titleFrom(name)
  if (isPcapng(bytes)) return fromPcapng(bytes, title)
  if (isPcap(bytes)) return fromPcap(bytes, title)
  if (PACKED.some(magic => magic.every((byte, i) => bytes[i] === byte)))
    throw new RecordingError('unsupported', 'byte 0', 'packed: unpack it and open what is inside')
  const text = textOf(bytes)
  if (/^\s*\{/.test(text)) return fromJson(parseJson(text), title)
  if (isHexDump(text.slice(0, BEGINNING))) return fromHexDump(text, title)
  throw unknownKind()
}

function fromJson(json: unknown, title: string): Recording {
  if (typeof json === 'object' && json !== null) {
    if ('format' in json) return parseRecording(json)
    if ('log' in json) return fromHar(json, title)
  }
  throw unknownKind()
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const start = hexOf(bytes.subarray(0, 4))
    throw bytes[0] === 0x7b ? damaged('', 'not UTF-8') : unknownKind(`, and it begins with ${start}`)
  }
}

function unknownKind(detail = ''): RecordingError {
  return new RecordingError(
    'unknown-kind',
    '',
    `neither a recording, pcapng, pcap, HAR nor a hex dump${detail}`,
  )
}

function titleFrom(name: string): string {
  return name
    .replace(/^.*[/\\]/s, '')
    .replace(/\.(?:json|har|pcapng|pcap|cap|txt|hex)$/i, '')
    .slice(0, MAX_TEXT_LENGTH)
}
