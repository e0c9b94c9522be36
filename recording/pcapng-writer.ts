import { ROLES, type Role } from '#protocol/role.ts'
import { concat, requestText } from './bytes.ts'
import {
  BLOCKS,
  BYTE_ORDER_MAGIC,
  LINKS,
  OPTIONS,
  textOption,
  writeBlock,
  type Option,
} from './pcapng-blocks.ts'
import { commentsOf, type Note } from './pcapng-notes.ts'
import {
  RECORDING_VERSION,
  startOf,
  type Mark,
  type RecordedConnection,
  type Recording,
} from './recording.ts'
import { maskSecrets, type ExportOptions } from './secrets.ts'
import { isPush, TcpSegments, type Endpoint } from './tcp-segments.ts'

const SNAP_LENGTH = 0x10000
/** 10^−6 seconds (`if_tsresol`, §4.2). */
const MICROSECONDS = 6
const UNKNOWN_LENGTH = 0xffffffff
/** Most UTF-16 units of comments on one packet: Wireshark refuses blocks of many megabytes. */
const MAX_COMMENTS_LENGTH = 400_000

const DEFAULT_PORT = 80
/** Ports that nobody has registered begin here (RFC 6335 §6). */
const FIRST_CLIENT_PORT = 0xc000
const CLIENT_PORTS = 0x4000

const MADE =
  '웹소켓 해부학의 기록으로 만든 캡처입니다. 바이트와 시각은 기록 그대로이고 TCP, IP, 이더넷 헤더와 확인 응답은 합성했습니다.'
const MASKED = '쿠키와 인증 정보, 전달된 주소는 같은 길이의 *로 가렸습니다.'

interface Packet {
  /** Whole microseconds since the recording began. */
  readonly at: number
  readonly bytes: Uint8Array
  readonly comments: string[]
}

interface Timed<T> {
  readonly at: number
  readonly what: T
}

/**
 * Writes a recording as a capture that Wireshark opens: pcapng, one Ethernet interface, µs. Addresses are those kept
 * for documentation (RFC 5737), the server's port is that of the recorded Host. What packets cannot hold is in
 * comments (docs/decisions/0010), so that `fromPcapng` gives the same recording back, with times rounded to whole
 * microseconds. Secrets are masked unless asked otherwise.
 */
export function toPcapng(recording: Recording, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const masks = options.secrets !== 'keep'
  const { title, client, recordedAt, connections, marks } = masks ? maskSecrets(recording) : recording
  const notes: Note[] = [{ recording: { version: RECORDING_VERSION, title, client, recordedAt } }]
  const marksOf = marksByConnection(connections, marks)
  if (connections.length === 0) notes.push(...(marksOf[0] ?? []).map(({ what }) => what))
  const start = startOf(recording)
  const packets = connections.flatMap((one, index) => packetsOf(one, index, marksOf[index] ?? []))
  // Sorting keeps the order of equals, and the times of one connection never go back.
  packets.sort((a, b) => a.at - b.at)
  return concat([
    writeBlock(
      BLOCKS.section,
      [BYTE_ORDER_MAGIC, 1, UNKNOWN_LENGTH, UNKNOWN_LENGTH],
      [
        ...commentOptions([masks ? `${MADE} ${MASKED}` : MADE, ...notes.flatMap(commentsOf)]),
        textOption(OPTIONS.application, 'websocket-anatomy'),
      ],
    ),
    writeBlock(
      BLOCKS.interface,
      [LINKS.ethernet, SNAP_LENGTH],
      [
        textOption(OPTIONS.name, 'websocket-anatomy'),
        { code: OPTIONS.timeResolution, value: Uint8Array.of(MICROSECONDS) },
      ],
    ),
    ...packets.map(packet => enhancedPacket(packet, start)),
  ])
}

function commentOptions(texts: readonly string[]): Option[] {
  return texts.map(text => textOption(OPTIONS.comment, text))
}

function enhancedPacket({ at, bytes, comments: texts }: Packet, start: number): Uint8Array {
  const time = start + at
  const interfaceId = 0
  return writeBlock(
    BLOCKS.enhancedPacket,
    [interfaceId, Math.floor(time / 2 ** 32), time % 2 ** 32, bytes.length, bytes.length, bytes],
    commentOptions(texts),
  )
}

/** Marks by the index of the connection they go with: their own, else the first. */
function marksByConnection(
  connections: readonly RecordedConnection[],
  marks: readonly Mark[],
): Timed<Note>[][] {
  const places = new Map(connections.map(({ id }, index) => [id, index]))
  const byPlace: Timed<Note>[][] = []
  for (const [index, mark] of marks.entries()) {
    const place = (mark.connection === undefined ? undefined : places.get(mark.connection)) ?? 0
    const here = (byPlace[place] ??= [])
    here.push({ at: mark.at, what: { mark, index } })
  }
  return byPlace
}

/** Packets of one connection, in order. */
function packetsOf(connection: RecordedConnection, index: number, marks: readonly Timed<Note>[]): Packet[] {
  const { id, lab, chunks, gaps, endings, script } = connection
  const segments = new TcpSegments(endpointsOf(connection, index))
  const begin = chunks[0] ?? endings[0] ?? script[0] ?? { at: 0 }
  const packets: Packet[] = []
  let now = 0
  /** Comments of the packet that notes go to: where a chunk ends, or a handshake or an end begins. */
  let comments: string[] = []
  const add = (at: number, made: readonly Uint8Array[]): void => {
    now = Math.max(now, Math.round(at))
    const added = made.map((bytes): Packet => ({ at: now, bytes, comments: [] }))
    for (const packet of added) packets.push(packet)
    comments = (added.findLast(({ bytes }) => isPush(bytes)) ?? added[0])?.comments ?? comments
  }
  /** Adds a note; when its packet is full, an ACK comes for it. */
  const attach = (note: Note): void => {
    const texts = commentsOf(note)
    if (comments.length > 0 && lengthOf(comments) + lengthOf(texts) > MAX_COMMENTS_LENGTH)
      add(now, [segments.acknowledge('client')])
    comments.push(...texts)
  }

  add(begin.at, segments.handshake())
  attach({ connection: { id, lab }, index })
  const notes = byTime([
    ...gaps.map(gap => timed(chunks[gap.before]?.at ?? Infinity, { gap })),
    ...endings.map(ending => timed(ending.at, { ending })),
    ...script.map(event => timed(event.at, { script: event })),
    ...marks,
  ])
  const closings = closingsOf(connection)
  let nextNote = 0
  let nextGap = 0
  for (let place = 0; place <= chunks.length; place++) {
    for (; gaps[nextGap]?.before === place; nextGap++) {
      const { from, bytes = 0 } = gaps[nextGap] ?? {}
      add(
        now,
        from === undefined ? ROLES.map(role => segments.skip(role, bytes)) : [segments.skip(from, bytes)],
      )
    }
    const events = closings.filter(({ before }) => before === place).map(({ at, close }) => ({ at, close }))
    const chunk = chunks[place]
    if (chunk) events.push({ at: chunk.at, close: to => to.data(chunk.from, chunk.bytes) })
    for (const { at, close } of events) {
      for (let note = notes[nextNote]; note && note.at < at; note = notes[++nextNote]) attach(note.what)
      add(at, close(segments))
    }
  }
  for (const { what } of notes.slice(nextNote)) attach(what)
  return packets
}

function timed(at: number, what: Note): Timed<Note> {
  return { at, what }
}

function byTime<T>(events: readonly Timed<T>[]): Timed<T>[] {
  return events.toSorted((a, b) => a.at - b.at)
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}

interface Closing {
  readonly at: number
  /** Index of the chunk it comes before. */
  readonly before: number
  readonly close: (segments: TcpSegments) => Uint8Array[]
}

/** FIN and RST as the endings say, never before the last bytes of their side. */
function closingsOf({ chunks, endings }: RecordedConnection): Closing[] {
  const closings = ROLES.flatMap((role): Closing[] => {
    const at = endings.find(({ how }) => how === `${role}-fin`)?.at
    if (at === undefined) return []
    const after = chunks.findLastIndex(chunk => chunk.from === role || chunk.at <= at)
    return [{ at, before: after + 1, close: segments => segments.fin(role) }]
  }).sort((a, b) => a.at - b.at)
  const abort = endings.find(({ how }) => how === 'reset' || how === 'destroyed')
  if (!abort || closings.length === 2) return closings
  const by: Role = abort.how === 'reset' ? 'client' : 'server'
  return [...closings, { at: abort.at, before: chunks.length, close: segments => [segments.reset(by)] }]
}

function endpointsOf(connection: RecordedConnection, index: number): Readonly<Record<Role, Endpoint>> {
  return {
    client: {
      mac: [2, 0, 0, 0, 0, 1],
      ip: [192, 0, 2, 1],
      port: FIRST_CLIENT_PORT + (index % CLIENT_PORTS),
    },
    server: { mac: [2, 0, 0, 0, 0, 2], ip: [192, 0, 2, 2], port: serverPort(connection) },
  }
}

/** Port in the Host of the request (RFC 9110 §7.2), malformed requests included. */
function serverPort({ chunks }: RecordedConnection): number {
  const port = Number(/^host:[^\n]*:(\d{1,5})[ \t]*\r?$/im.exec(requestText(chunks))?.[1])
  return port >= 1 && port <= 0xffff ? port : DEFAULT_PORT
}
