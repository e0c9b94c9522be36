import * as v from 'valibot'
import { latin1 } from '#protocol/latin1.ts'
import type { Role } from '#protocol/role.ts'
import { concat } from './bytes.ts'
import { DumpRows, parseRow, type Row } from './hex-dump-rows.ts'
import { HEX_DUMP_CONTINUED, HEX_DUMP_FIRST_LINE } from './hex-dump-writer.ts'
import { isoMicros, microsOfIso } from './iso-time.ts'
import { MAX_CHUNKS, MAX_CONNECTIONS, MAX_TEXT_LENGTH } from './limits.ts'
import { damaged, RecordingError, tooMany } from './recording-error.ts'
import {
  checkRecording,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  recordingHeadSchema,
  startOf,
  type Recording,
} from './recording.ts'

const FROM_DUMP = '16진수 덤프에서 가져온 연결입니다. 연결의 끝과 스크립트 이벤트는 덤프에 없습니다.'

/**
 * Reads a hex dump: one of ours, or any that `text2pcap` reads. Every offset 0 begins a chunk; a line before it says
 * whose it is, `O` or `>` for the client and `I` or `<` for the server, and when, as ISO 8601 or as time of day. Where
 * none says, the bytes do: heads by their first words, frames by their MASK bit.
 * @param title of a recording that brings none
 * @throws RecordingError naming the line that is neither
 */
export function fromHexDump(text: string, title = ''): Recording {
  const reader = new HexDumpReader(title)
  let line = 0
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at)
    reader.line(text.slice(at, end < 0 ? text.length : end).trimEnd(), line + 1)
    at = end < 0 ? text.length : end + 1
  }
  return reader.end()
}

/** Whether the beginning of a text is that of a dump. */
export function isHexDump(text: string): boolean {
  return text.startsWith(HEX_DUMP_FIRST_LINE) || text.split('\n').some(line => parseRow(line.trimEnd(), 0))
}

interface Packet {
  readonly from: Role | undefined
  /** Microseconds since 1970, which is the day of times that have none. */
  readonly at: number | undefined
  readonly isContinued: boolean
}

interface DumpedConnection {
  readonly id: number
  readonly lab: string
  readonly chunks: { readonly from: Role; readonly at: number; readonly parts: Uint8Array[] }[]
}

const NOTHING_KNOWN: Packet = { from: undefined, at: undefined, isContinued: false }

class HexDumpReader {
  readonly #rows = new DumpRows()
  readonly #connections: DumpedConnection[] = []
  readonly #head: { title: string; client: string; recordedAt: string | undefined }
  #isOurs = false
  /** What the lines before it said of the packet that comes next. */
  #next: Packet = NOTHING_KNOWN
  #open: Packet | undefined
  #now = 0
  #packets = 0

  constructor(title: string) {
    this.#head = { title, client: '', recordedAt: undefined }
  }

  line(text: string, number: number): void {
    if (text === '') return
    if (text.startsWith('#')) {
      this.#heading(text, `line ${number}`)
      return
    }
    const direction = /^\s*([IO<>])(?:\s+(\S.*))?$/.exec(text)
    if (direction) {
      this.#close()
      const [, letter = '', time] = direction
      const from = 'O>'.includes(letter) ? 'client' : 'server'
      this.#next = {
        ...this.#next,
        from,
        at: time === undefined ? undefined : timeOf(time, `line ${number}`),
      }
      return
    }
    if (text.trim() === '*') {
      this.#rows.repeat(number)
      return
    }
    const row = parseRow(text, number)
    if (!row) throw damaged(`line ${number}`, 'neither an offset with bytes, nor a direction, nor a heading')
    this.#row(row)
  }

  end(): Recording {
    this.#close()
    const chunks = this.#connections.flatMap(one => one.chunks)
    if (chunks.length === 0) throw new RecordingError('nothing-inside', '', 'a hex dump without bytes')
    const first = chunks.reduce((least, { at }) => Math.min(least, at), Infinity)
    const { title, client, recordedAt = isoMicros(first) } = this.#head
    const start = startOf({ recordedAt })
    const recording: Recording = {
      format: RECORDING_FORMAT,
      version: RECORDING_VERSION,
      title,
      client,
      recordedAt,
      connections: this.#connections.map(one => ({
        ...one,
        chunks: one.chunks.map(({ from, at, parts }) => ({ from, at: at - start, bytes: concat(parts) })),
        gaps: [],
        endings: [],
        script: [],
      })),
      marks: [{ at: 0, label: FROM_DUMP }],
    }
    checkRecording(recording)
    return recording
  }

  #row(row: Row): void {
    if (row.offset === 0 && (row.bytes.length > 0 || !this.#open)) {
      this.#close()
      this.#open = this.#next
      this.#next = NOTHING_KNOWN
    } else if (!this.#open) throw damaged(`line ${row.line}`, 'the first offset of a packet has to be 0')
    this.#rows.add(row)
  }

  #close(): void {
    const packet = this.#open
    if (!packet) return
    this.#open = undefined
    const bytes = this.#rows.take()
    const { chunks } = this.#connection()
    const before = chunks.at(-1)
    if (++this.#packets > MAX_CHUNKS) throw tooMany('', MAX_CHUNKS, 'chunks')
    if (packet.isContinued && before && packet.from === before.from) {
      before.parts.push(bytes)
      return
    }
    this.#now = packet.at ?? this.#now
    chunks.push({ from: packet.from ?? senderOf(bytes), at: this.#now, parts: [bytes] })
  }

  /** The connection that headings led to, or the only one. */
  #connection(): DumpedConnection {
    const last = this.#connections.at(-1)
    return last ?? this.#connect(1, '')
  }

  #connect(id: number, lab: string): DumpedConnection {
    if (this.#connections.length === MAX_CONNECTIONS) throw tooMany('', MAX_CONNECTIONS, 'connections')
    const connection = { id, lab, chunks: [] }
    this.#connections.push(connection)
    return connection
  }

  #heading(text: string, where: string): void {
    if (text === HEX_DUMP_FIRST_LINE) this.#isOurs = true
    if (!this.#isOurs) return
    if (text === HEX_DUMP_CONTINUED) {
      this.#close()
      this.#next = { ...this.#next, isContinued: true }
      return
    }
    const [, name, value = ''] = /^# (title|client|recorded|connection) (.*)$/.exec(text) ?? []
    if (name === 'title' || name === 'client') this.#head[name] = textOf(value, where)
    if (name === 'recorded') {
      if (!v.is(recordingHeadSchema.entries.recordedAt, value)) throw damaged(where, 'no time')
      this.#head.recordedAt = value
    }
    if (name !== 'connection') return
    this.#close()
    const [, id, lab = ''] = /^(\d+) (.*)$/.exec(value) ?? []
    if (id === undefined) throw damaged(where, 'a connection without a number')
    this.#connect(Number(id), textOf(lab, where))
  }
}

/** A quoted text of a heading. */
function textOf(json: string, where: string): string {
  try {
    // Anything else could be millions of lists.
    const value: unknown = json.startsWith('"') && JSON.parse(json)
    if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH)
  } catch {
    // Said below.
  }
  throw damaged(where, 'no quoted text')
}

/** Microseconds of ISO 8601, or of a time of day. */
function timeOf(text: string, where: string): number {
  const isTimeOfDay = /^\d\d:/.test(text)
  return microsOfIso(isTimeOfDay ? `1970-01-01T${text}` : text, where)
}

function senderOf(bytes: Uint8Array): Role {
  const start = latin1(bytes, 0, 5)
  if (start === 'HTTP/') return 'server'
  if (/^[A-Z]+ /.test(start)) return 'client'
  return (bytes[1] ?? 0) & 0x80 ? 'client' : 'server'
}
