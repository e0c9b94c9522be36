import { hexOf } from '#protocol/hex.ts'
import { isoMicros } from './iso-time.ts'
import { startOf, type RecordedConnection, type Recording } from './recording.ts'
import { maskSecrets, type ExportOptions } from './secrets.ts'

/** First line of a dump of ours; the number is the version of its headings. */
export const HEX_DUMP_FIRST_LINE = '# websocket-anatomy hex dump 1'
/** Before a packet that goes on with the chunk of the one above. */
export const HEX_DUMP_CONTINUED = '# continued'

/** Directions as `text2pcap -D` knows them: out of the client, and into it. */
const LETTERS = { client: 'O', server: 'I' } as const
const WIDTH = 16
/** Longest packet, in bytes: with heads in front it has to fit IP's 16 bits of length. */
const MAX_PACKET_BYTES = 0x8000

/**
 * Writes a recording as a hex dump. Each chunk has a line with its direction and time (UTC, µs), then offset, bytes and
 * text as `xxd -g1` prints them, the text between bars, and the length as last offset; lines with `#` are headings. So
 * `text2pcap -D -t ISO -T 80,50000` makes a capture of a connection, and `xxd -r` the bytes of one chunk's lines.
 * Endings, script, gaps and marks have no place in it. Secrets are masked unless asked otherwise.
 */
export function toHexDump(recording: Recording, { secrets = 'mask' }: ExportOptions = {}): string {
  const shown = secrets === 'mask' ? maskSecrets(recording) : recording
  const { title, client, recordedAt, connections } = shown
  const start = startOf(shown)
  const lines = [
    HEX_DUMP_FIRST_LINE,
    `# title ${inOneLine(title)}`,
    `# client ${inOneLine(client)}`,
    `# recorded ${recordedAt}`,
    '# O: 클라이언트가 보낸 바이트, I: 서버가 보낸 바이트',
    ...connections.flatMap(connection => [...linesOf(connection, start)]),
  ]
  return `${lines.join('\n')}\n`
}

function* linesOf({ id, lab, chunks }: RecordedConnection, start: number): Generator<string> {
  yield ''
  yield `# connection ${id} ${inOneLine(lab)}`
  for (const { from, at, bytes } of chunks) {
    for (let begin = 0; begin === 0 || begin < bytes.length; begin += MAX_PACKET_BYTES) {
      yield ''
      if (begin > 0) yield HEX_DUMP_CONTINUED
      yield `${LETTERS[from]} ${isoMicros(Math.round(start + at))}`
      yield* dumpLines(bytes.subarray(begin, begin + MAX_PACKET_BYTES))
    }
  }
}

function* dumpLines(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = bytes.subarray(at, at + WIDTH)
    const text = Array.from(row, byte =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    ).join('')
    yield `${offset(at)}: ${hexOf(row).padEnd(3 * WIDTH)} |${text}|`
  }
  yield offset(bytes.length)
}

function offset(at: number): string {
  return at.toString(16).padStart(8, '0')
}

/** A text in quotes that cannot begin a line of its own. */
function inOneLine(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u0085\u2028\u2029]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
