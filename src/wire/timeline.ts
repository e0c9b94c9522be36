import type { Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import type { RecordedEnding, ScriptEvent } from '#recording/recording.ts'
import { opcodeInfo } from '#protocol/opcodes.ts'
import { parseClosePayload } from '#protocol/close-payload.ts'
import type { CapturedConnection } from './captured-connection.ts'

/** One line of the two-sided story: what JavaScript did or was told, or what crossed the wire. */
export type TimelineRow = {
  /** Stable while the connection grows. */
  readonly key: string
  /** Microseconds since the connection's first event. */
  readonly at: number
  readonly title: string
  readonly detail: string
} & (
  | { readonly lane: 'script' }
  | {
      readonly lane: 'wire'
      readonly from: Role
      readonly tone: WireTone
      readonly item: TraceItem | undefined
    }
)

/** What kind of thing crossed: data both ways, control frames, faults, and the socket's own ends. */
export type WireTone = 'data' | 'control' | 'fault' | 'socket'

/**
 * A connection's whole story in order. The two clocks agree only to a fraction of a millisecond, so where cause
 * and effect are known (a message's event follows its frame) they decide.
 */
export function timelineOf(connection: CapturedConnection): TimelineRow[] {
  const wire = [...connection.items.map(itemRow), ...connection.endings.filter(isShown).map(endingRow)]
  const rows = [...wire, ...scriptRows(connection)].sort((a, b) => a.at - b.at)
  const start = rows[0]?.at ?? 0
  const shifted = rows.map(row => ({ ...row, at: row.at - start }))
  return connection.dropped.chunks === 0 ? shifted : [...shifted, droppedRow(connection)]
}

function itemRow(item: TraceItem, index: number): TimelineRow {
  return { key: `i${index}`, lane: 'wire', from: item.from, at: item.at, item, ...itemWords(item) }
}

function itemWords(item: TraceItem): { title: string; detail: string; tone: WireTone } {
  switch (item.kind) {
    case 'request':
      return {
        title: '핸드셰이크 요청',
        detail: `${item.head.method} · ${size(item.head.bytes)}`,
        tone: toneOf(item.checks.every(check => check.ok)),
      }
    case 'response':
      return {
        title: '핸드셰이크 응답',
        detail: `${item.head.status} ${item.head.reason} · ${size(item.head.bytes)}`,
        tone: toneOf(item.checks.every(check => check.ok)),
      }
    case 'frame': {
      const { frame } = item
      const info = opcodeInfo(frame.opcode)
      const tone = item.violations.length > 0 ? 'fault' : info.control ? 'control' : 'data'
      return { title: `${info.label} 프레임`, detail: `${frameText(item.frame)} · ${size(frame.wire)}`, tone }
    }
    case 'body':
      return { title: 'HTTP 본문', detail: size(item.bytes), tone: 'data' }
    case 'fault':
      return { title: '해석할 수 없는 바이트', detail: size(item.bytes), tone: 'fault' }
  }
}

function toneOf(ok: boolean): WireTone {
  return ok ? 'data' : 'fault'
}

/** Text in a row is cut here, in characters; the frame's own view has all of it. */
const ROW_TEXT_LIMIT = 24

/** What a frame says, in a few characters: its text, its close code, or the size of what it holds. */
function frameText(frame: Extract<TraceItem, { kind: 'frame' }>['frame']): string {
  if (frame.opcode === 0x8) {
    const { code, reason } = parseClosePayload(frame.payload)
    return code === undefined ? '코드 없음' : `${code}${reason === '' ? '' : ` “${reason}”`}`
  }
  if (frame.opcode !== 0x1) return `페이로드 ${frame.payloadLength.toLocaleString('ko')}바이트`
  const text = [...new TextDecoder().decode(frame.payload.subarray(0, ROW_TEXT_LIMIT * 4 + 4))]
  return text.length > ROW_TEXT_LIMIT ? `“${text.slice(0, ROW_TEXT_LIMIT).join('')}…”` : `“${text.join('')}”`
}

function size(bytes: Uint8Array): string {
  return `${bytes.length.toLocaleString('ko')}바이트`
}

/** `closed` adds nothing to the two ends that were seen. */
function isShown(ending: RecordedEnding): boolean {
  return ending.how !== 'closed'
}

const ENDING_WORDS = {
  'client-fin': { from: 'client', title: 'TCP FIN', detail: '브라우저가 더 보내지 않습니다', tone: 'socket' },
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
    detail: `거울이 따라오지 못해 ${dropped.bytes.toLocaleString('ko')}바이트가 빠졌습니다`,
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
      key: `s${index}`,
      lane: 'script',
      at: latest,
      title: SCRIPT_TITLES[event.what],
      detail: event.detail,
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
