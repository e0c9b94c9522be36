import { ROLES, type Role } from '#protocol/role.ts'
import { concat, requestText } from './bytes.ts'
import type { CapturedPacket, CaptureItem } from './capture.ts'
import { MAX_CAPTURED_CONNECTIONS, MAX_CHUNKS, MAX_TEXT_LENGTH } from './limits.ts'
import { segmentOf, type TcpSegment } from './packet-layers.ts'
import { readPcap } from './pcap-file.ts'
import { readPcapng } from './pcapng-file.ts'
import { NoteReader, type Note } from './pcapng-notes.ts'
import { RecordingError, tooMany } from './recording-error.ts'
import {
  checkRecording,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  startOf,
  type RecordedChunk,
  type RecordedConnection,
  type RecordedEnding,
  type Recording,
} from './recording.ts'
import { TcpFlow, type Closing, type Piece, type Reassembled } from './tcp-reassembly.ts'

/**
 * Reads a pcapng capture. One that `toPcapng` wrote gives back the recording it was made from; of any other the TCP
 * connections that begin with a WebSocket handshake are taken, each segment a chunk.
 * @param title of a recording that brings none
 * @throws RecordingError when the file is damaged, or has no WebSocket connection in it
 */
export function fromPcapng(bytes: Uint8Array, title = ''): Recording {
  return fromCapture(readPcapng(bytes), title)
}

/** As `fromPcapng`, of a classic capture as `tcpdump -w` writes it. */
export function fromPcap(bytes: Uint8Array, title = ''): Recording {
  return fromCapture(readPcap(bytes), title)
}

type RecordingHead = NonNullable<Note['recording']>

/** A TCP connection of the capture, and what notes say of it. */
interface Flow {
  readonly tcp: TcpFlow
  readonly notes: Note[]
}

function fromCapture(items: Iterable<CaptureItem>, title: string): Recording {
  const flows = new FlowTable()
  const fileNotes: Note[] = []
  const reader = new NoteReader()
  let unknownLinks = 0
  let kept = 0
  const keep = (where: string): void => {
    if (++kept > MAX_CHUNKS)
      throw tooMany(where, MAX_CHUNKS, 'TCP segments and notes: filter the capture first')
  }
  const takeNote = (comment: string, where: string, notes: Note[]): void => {
    const note = reader.read(comment, where)
    if (!note) return
    keep(where)
    notes.push(note)
  }
  for (const item of items) {
    if (item.kind === 'comment') {
      takeNote(item.text, 'comment of the file', fileNotes)
      continue
    }
    const segment = segmentOf(item.link, item.bytes)
    if (segment === 'link') unknownLinks++
    if (typeof segment === 'string') continue
    const flow = flows.flowOf(segment, item)
    if (flow.tcp.add(segment, item.at)) keep(item.where)
    for (const comment of item.comments) takeNote(comment, item.where, flow.notes)
  }
  const heads = fileNotes.flatMap(({ recording }) => recording ?? [])
  if (heads.length > 1)
    throw new RecordingError('unsupported', '', `${heads.length} recordings in one file: open one at a time`)
  const [head] = heads
  const recording = head ? ours(head, flows.all, fileNotes) : foreign(flows.all, title, unknownLinks)
  checkRecording(recording)
  return recording
}

/** Connections of a capture, by the ends they are between. */
class FlowTable {
  readonly all: Flow[] = []
  readonly #current = new Map<string, Flow>()

  flowOf(segment: TcpSegment, { where }: CapturedPacket): Flow {
    const { source, target } = segment
    const key = source < target ? `${source} ${target}` : `${target} ${source}`
    const current = this.#current.get(key)
    if (current && !current.tcp.isOver(segment)) return current
    if (this.all.length === MAX_CAPTURED_CONNECTIONS)
      throw tooMany(where, MAX_CAPTURED_CONNECTIONS, 'TCP connections: filter the capture first')
    const flow = { tcp: new TcpFlow(segment), notes: [] }
    this.all.push(flow)
    this.#current.set(key, flow)
    return flow
  }
}

/** The recording that `toPcapng` wrote. */
function ours(head: RecordingHead, flows: readonly Flow[], fileNotes: readonly Note[]): Recording {
  const { title, client, recordedAt } = head
  const start = startOf(head)
  const connections = flows
    // Packets that somebody merged in have no note; they are no part of the recording.
    .flatMap(({ tcp, notes }) =>
      notes.flatMap(({ connection, index = 0 }) =>
        connection ? [{ ...connection, index, tcp, notes }] : [],
      ),
    )
    .sort((a, b) => a.index - b.index)
    .map(({ id, lab, tcp, notes }) => ({
      id,
      lab,
      chunks: joined(tcp.reassemble(true).pieces, start),
      gaps: notes.flatMap(({ gap }) => gap ?? []),
      endings: notes.flatMap(({ ending }) => ending ?? []),
      script: notes.flatMap(({ script }) => script ?? []),
    }))
  const marks = [...fileNotes, ...flows.flatMap(({ notes }) => notes)]
    .sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
    .flatMap(({ mark }) => mark ?? [])
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title,
    client,
    recordedAt,
    connections,
    marks,
  }
}

/** Chunks from their segments: PSH ends each. */
function joined(pieces: readonly Piece[], start: number): RecordedChunk[] {
  const chunks: RecordedChunk[] = []
  const open: Record<Role, Piece[]> = { client: [], server: [] }
  const close = (from: Role): void => {
    const parts = open[from]
    const [first] = parts
    if (first) chunks.push({ from, at: first.at - start, bytes: concat(parts.map(({ bytes }) => bytes)) })
    open[from] = []
  }
  for (const piece of pieces) {
    open[piece.from].push(piece)
    if (piece.pushed) close(piece.from)
  }
  // What a file cut off by hand leaves.
  for (const role of ROLES) close(role)
  return chunks
}

/** A recording of the WebSocket connections in a capture that somebody else made. */
function foreign(flows: readonly Flow[], title: string, unknownLinks: number): Recording {
  const found = flows
    .map(({ tcp }) => tcp.reassemble(false))
    .map(reassembled => ({ ...reassembled, head: requestText(reassembled.pieces) }))
    .filter(({ head }) => /^upgrade[ \t]*:[^\n]*websocket/im.test(head))
  if (found.length === 0)
    throw new RecordingError(
      'nothing-inside',
      '',
      `no WebSocket handshake in ${flows.length} TCP connections` +
        (unknownLinks > 0 ? `; ${unknownLinks} packets have a link type that is not known` : '') +
        '; what TLS encrypted cannot be read',
    )
  const first = found.reduce((least, { pieces }) => Math.min(least, pieces[0]?.at ?? least), Infinity)
  // Milliseconds are what `recordedAt` can say without losing anything.
  const start = Math.floor(first / 1000) * 1000
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title,
    client:
      /^user-agent[ \t]*:[ \t]*([^\r\n]*)/im.exec(found[0]?.head ?? '')?.[1]?.slice(0, MAX_TEXT_LENGTH) ?? '',
    recordedAt: new Date(start / 1000).toISOString(),
    connections: found.map((reassembled, index) => connectionOf(reassembled, index + 1, start)),
    marks: [],
  }
}

function connectionOf(
  { pieces, missing, closings }: Reassembled,
  id: number,
  start: number,
): RecordedConnection {
  return {
    id,
    lab: '',
    chunks: pieces.map(({ from, at, bytes }) => ({ from, at: at - start, bytes: new Uint8Array(bytes) })),
    gaps: missing.map(({ from, before, bytes }) => ({ before, chunks: 0, bytes, from })),
    endings: endingsOf(closings, start),
    script: [],
  }
}

/** What the tap would have told of these: each FIN once, an RST while the connection was open, then the end. */
function endingsOf(closings: readonly Closing[], start: number): RecordedEnding[] {
  const endings: RecordedEnding[] = []
  for (const { at, by, how } of closings) {
    const told = how === 'fin' ? (`${by}-fin` as const) : by === 'client' ? 'reset' : 'destroyed'
    if (endings.some(ending => ending.how === told)) continue
    endings.push({ at: at - start, how: told })
    const isClosed = how === 'rst' || endings.length === 2
    if (isClosed) return [...endings, { at: at - start, how: 'closed' }]
  }
  return endings
}
