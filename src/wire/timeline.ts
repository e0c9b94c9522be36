import type { Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import type { RecordedEnding, ScriptEvent } from '#recording/recording.ts'
import { opcodeWords } from '#words/ko/opcodes.ts'
import { opcodeInfo } from '#protocol/opcodes.ts'
import { parseClosePayload } from '#protocol/close-payload.ts'
import type { CapturedConnection } from './captured-connection.ts'
import { grouped } from './grouped.ts'
import { quotedText, visibleText } from './visible-text.ts'

/** One line of the two-sided story: what JavaScript did or was told, or what crossed the wire. */
export type TimelineRow = {
  /** Stable while the connection grows. */
  readonly key: string
  /** Microseconds since the connection's first event. */
  readonly at: number
  readonly title: string
  readonly detail: string
  /** Whose connection it is, where a story is of several. */
  readonly whose?: string | undefined
} & (
  | { readonly lane: 'script' }
  | {
      readonly lane: 'wire'
      readonly from: Role
      readonly tone: WireTone
      readonly item: TraceItem | undefined
      /** Can be opened although it is no item of a trace. */
      readonly opens?: true
    }
)

/** What kind of thing crossed: data both ways, control frames, faults, and the socket's own ends. */
export type WireTone = 'data' | 'control' | 'fault' | 'socket'

/**
 * A connection's whole story in order. The two clocks agree only to a fraction of a millisecond, so where cause
 * and effect are known (a message's event follows its frame) they decide.
 */
export function timelineOf(connection: CapturedConnection): TimelineRow[] {
  const shifted = fromZero(storyOf(connection))
  return connection.gaps.length === 0 ? shifted : [...shifted, droppedRow(connection)]
}

/**
 * The stories of several connections of one session as one, by its clock; their keys begin with the connection's id.
 * @param people whose connection each is
 */
export function joinedTimeline(
  connections: readonly (CapturedConnection | undefined)[],
  people: readonly string[] = [],
): TimelineRow[] {
  const rows = connections.flatMap((connection, place) =>
    connection === undefined
      ? []
      : storyOf(connection).map(row => ({
          ...row,
          key: `c${connection.id}-${row.key}`,
          whose: people[place],
        })),
  )
  return fromZero(rows.sort((a, b) => a.at - b.at))
}

/** Rows in their order, by the clock of the session. */
function storyOf(connection: CapturedConnection): TimelineRow[] {
  const first = connection.forgotten.items
  const items = connection.items.map((item, index) => itemRow(item, first + index))
  const wire = [...items, ...endingRows(connection)]
  return [...wire, ...scriptRows(connection)].sort((a, b) => a.at - b.at)
}

function fromZero(rows: readonly TimelineRow[]): TimelineRow[] {
  const start = rows[0]?.at ?? 0
  return rows.map(row => ({ ...row, at: row.at - start }))
}

function itemRow(item: TraceItem, number: number): TimelineRow {
  let words = spoken.get(item)
  if (words === undefined) spoken.set(item, (words = itemWords(item)))
  return { key: `i${number}`, lane: 'wire', from: item.from, at: item.at, item, ...words }
}

interface ItemWords {
  readonly title: string
  readonly detail: string
  readonly tone: WireTone
}

/** Words of items that were told of: the story is told anew with every event. */
const spoken = new WeakMap<TraceItem, ItemWords>()

function itemWords(item: TraceItem): ItemWords {
  switch (item.kind) {
    case 'request':
      return {
        title: '핸드셰이크 요청',
        detail: `${visibleText(item.head.method)} · ${size(item.head.bytes)}`,
        tone: toneOf(item.checks.every(check => check.ok)),
      }
    case 'response':
      return {
        title: '핸드셰이크 응답',
        detail: `${item.head.status} ${visibleText(item.head.reason)} · ${size(item.head.bytes)}`,
        tone: toneOf(item.checks.every(check => check.ok)),
      }
    case 'frame': {
      const { frame } = item
      const info = opcodeInfo(frame.opcode)
      const tone = item.violations.length > 0 ? 'fault' : info.control ? 'control' : 'data'
      return {
        title: frameTitle(frame.opcode),
        detail: `${frameText(item.frame)} · ${size(frame.wire)}`,
        tone,
      }
    }
    case 'body':
      return { title: 'HTTP 본문', detail: `${shortText(item.bytes)} · ${size(item.bytes)}`, tone: 'data' }
    case 'fault':
      return { title: '해석할 수 없는 바이트', detail: size(item.bytes), tone: 'fault' }
  }
}

/** The name of an opcode, said of a frame. */
function frameTitle(opcode: number): string {
  const { label } = opcodeWords(opcode)
  return label.endsWith('프레임') ? label : `${label} 프레임`
}

function toneOf(ok: boolean): WireTone {
  return ok ? 'data' : 'fault'
}

/** A mark of byte order is a character of the text as any other. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Text in a row is cut here, in characters; the frame's own view has all of it. */
const ROW_TEXT_LIMIT = 24

/** What a frame says, in a few characters: its text, its close code, or the size of what it holds. */
function frameText(frame: Extract<TraceItem, { kind: 'frame' }>['frame']): string {
  if (frame.opcode === 0x8) {
    const { code, reason } = parseClosePayload(frame.payload)
    return code === undefined ? '코드 없음' : `${code}${reason === '' ? '' : ` ${quotedText(reason)}`}`
  }
  if (frame.opcode !== 0x1) return `페이로드 ${grouped(frame.payloadLength)}바이트`
  return shortText(frame.payload)
}

function shortText(bytes: Uint8Array): string {
  const text = [...utf8.decode(bytes.subarray(0, ROW_TEXT_LIMIT * 4 + 4))]
  return quotedText(text.slice(0, ROW_TEXT_LIMIT).join('') + (text.length > ROW_TEXT_LIMIT ? '…' : ''))
}

function size(bytes: Uint8Array): string {
  return `${grouped(bytes.length)}바이트`
}

/** The ends of the socket that were seen, by the clock of the session. */
export function endingRows({ endings }: CapturedConnection): TimelineRow[] {
  return endings.filter(isShown).map(endingRow)
}

/** `closed` adds nothing to the two ends that were seen. */
function isShown(ending: RecordedEnding): boolean {
  return ending.how !== 'closed'
}

const ENDING_WORDS = {
  'client-fin': {
    from: 'client',
    title: 'TCP FIN',
    detail: '클라이언트가 더 보내지 않습니다',
    tone: 'socket',
  },
  'server-fin': { from: 'server', title: 'TCP FIN', detail: '서버가 더 보내지 않습니다', tone: 'socket' },
  reset: { from: 'client', title: 'TCP RST', detail: '연결이 한순간에 끊겼습니다', tone: 'fault' },
  destroyed: { from: 'server', title: '소켓 폐기', detail: '샌드박스가 연결을 포기했습니다', tone: 'fault' },
  closed: { from: 'server', title: '소켓 닫힘', detail: '', tone: 'socket' },
} as const

function endingRow(ending: RecordedEnding): TimelineRow {
  return { key: `e-${ending.how}`, lane: 'wire', at: ending.at, item: undefined, ...ENDING_WORDS[ending.how] }
}

function droppedRow({ dropped }: CapturedConnection): TimelineRow {
  return {
    key: 'dropped',
    lane: 'wire',
    from: 'server',
    at: Infinity,
    tone: 'fault',
    item: undefined,
    title: '놓친 바이트',
    detail: `${grouped(dropped.bytes)}바이트가 빠져 있어 그 뒤는 해석하지 못합니다`,
  }
}

/** The script's events, each moved to the right side of the bytes that caused it or that it caused. */
function scriptRows(connection: CapturedConnection): TimelineRow[] {
  const frames = connection.items.filter(item => item.kind === 'frame')
  const messages = (from: Role) => frames.filter(item => item.from === from && item.message !== undefined)
  const received = messages('server')
  const sent = messages('client')
  const request = connection.items.find(item => item.kind === 'request')
  const response = connection.items.find(item => item.kind === 'response')
  let sends = 0
  let receipts = 0
  let latest = 0
  /** What the event cannot have come before, and what it cannot have come after. */
  const boundsOf = ({
    what,
  }: ScriptEvent): { cause?: TraceItem | undefined; effect?: TraceItem | undefined } => {
    if (what === 'new') return { effect: request }
    if (what === 'open') return { cause: response }
    if (what === 'send') return { effect: sent[sends++] }
    if (what === 'message') return { cause: received[receipts++] }
    return {}
  }
  return connection.script.map((event, index) => {
    const { cause, effect } = boundsOf(event)
    latest = Math.max(Math.min(event.at, (effect?.at ?? Infinity) - 1), (cause?.at ?? -Infinity) + 1, latest)
    return {
      key: `s${connection.forgotten.script + index}`,
      lane: 'script',
      at: latest,
      title: SCRIPT_TITLES[event.what],
      detail: visibleText(event.detail),
    }
  })
}

const SCRIPT_TITLES: Readonly<Record<ScriptEvent['what'], string>> = {
  new: 'new WebSocket()',
  open: 'open 이벤트',
  send: 'send()',
  message: 'message 이벤트',
  error: 'error 이벤트',
  'close()': 'close()',
  close: 'close 이벤트',
}
