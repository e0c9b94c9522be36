import { parseClosePayload } from '#protocol/close-payload.ts'
import { hexStart } from '#protocol/hex.ts'
import { OPCODES, opcodeInfo } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import type { RuleId } from '#protocol/rules.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { opcodeWords } from '#words/ko/opcodes.ts'
import { ruleWords } from '#words/ko/rules.ts'
import { visibleText } from '../wire/visible-text.ts'
import type { WireNote } from '../wire/captured-connection.ts'
import { brokenChecks } from './frame-filter.ts'
import { byteCount } from './quantities.ts'

/** What a line of the list says of an item. */
export interface ItemWords {
  /** What it is, in a word or two. */
  readonly title: string
  /** What is in it, on one line: control characters have become pictures. */
  readonly preview: string
  /** Bytes: of a frame its payload's, of anything else all. */
  readonly bytes: number
}

/** Characters of a preview; the item's own view has all. */
const PREVIEW_LENGTH = 120

export function itemWords(item: TraceItem): ItemWords {
  switch (item.kind) {
    case 'request': {
      const { method, target, bytes } = item.head
      return { title: '핸드셰이크 요청', preview: oneLine(`${method} ${target}`), bytes: bytes.length }
    }
    case 'response': {
      const { status, reason, bytes } = item.head
      return { title: '핸드셰이크 응답', preview: oneLine(`${status} ${reason}`), bytes: bytes.length }
    }
    case 'frame':
      return {
        title: opcodeWords(item.frame.opcode).label,
        preview: framePreview(item),
        bytes: item.frame.payloadLength,
      }
    case 'body':
      return { title: 'HTTP 본문', preview: textOf(item.bytes), bytes: item.bytes.length }
    case 'fault':
      return {
        title: '해석할 수 없는 바이트',
        preview: hexStart(item.bytes, PREVIEW_BYTES),
        bytes: item.bytes.length,
      }
  }
}

function framePreview({ frame, message }: Extract<TraceItem, { kind: 'frame' }>): string {
  const { opcode, payload, rsv1 } = frame
  if (opcode === OPCODES.close) {
    const { code, reason } = parseClosePayload(payload)
    return code === undefined ? '' : oneLine(`${code} ${reason}`.trimEnd())
  }
  // What a compressed message says is known with its last frame only.
  if (message?.compressed === true)
    return message.text === undefined ? hexStart(payload, PREVIEW_BYTES) : oneLine(message.text)
  // A cut through a character leaves bytes at the edges of a fragment that are none by themselves.
  if (opcode === OPCODES.text && !rsv1) return frame.fin ? textOf(payload) : partOf(payload)
  return opcode === OPCODES.binary || rsv1 || !isPlain(payload)
    ? hexStart(payload, PREVIEW_BYTES)
    : partOf(payload)
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function textOf(bytes: Uint8Array): string {
  return oneLine(decoder.decode(bytes.subarray(0, PREVIEW_LENGTH * 4)))
}

function partOf(bytes: Uint8Array): string {
  return textOf(bytes).replaceAll(/^\ufffd+|\ufffd+$/g, '…')
}

/** Bytes of a preview in hexadecimal digits. */
const PREVIEW_BYTES = 24

/** Whether the beginning reads as text: no byte of it is a control character's or none of UTF-8. */
function isPlain(bytes: Uint8Array): boolean {
  const text = decoder.decode(bytes.subarray(0, PREVIEW_LENGTH))
  // A character cut by the limit, or by the end of a fragment, is no reason.
  return !/[\p{Cc}\ufffd]/u.test(text.slice(1, -1))
}

/** Foreign text on one line, cut to what a line can hold. */
export function oneLine(text: string): string {
  return visibleText(text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH)}…` : text)
}

const SENDERS: Readonly<Record<Role, string>> = { client: '클라이언트', server: '서버' }

/** The name of a side. */
export function sideName(role: Role): string {
  return SENDERS[role]
}

/** Rules that an item breaks. */
export function brokenRules(item: TraceItem): RuleId[] {
  if (item.kind === 'frame') return item.violations.map(({ rule }) => rule)
  if (item.kind === 'fault') return [item.violation.rule]
  return item.kind === 'body' ? [] : brokenChecks(item.checks).map(({ rule }) => rule)
}

/**
 * One sentence that says all a line shows, for whoever hears it.
 * @param at milliseconds since the connection's first byte
 */
export function itemSentence(number: number, item: TraceItem, at: number): string {
  const { title, preview, bytes } = itemWords(item)
  const who = `${number}번, ${sideName(item.from)}가 ${at.toFixed(2)}밀리초에 보낸`
  const broken = brokenRules(item)
  const faults =
    broken.length === 0 ? '' : `, 규칙 위반: ${broken.map(rule => ruleWords(rule).title).join(', ')}`
  const content = preview === '' ? '' : `, 내용은 “${preview}”`
  if (item.kind !== 'frame') return `${who} ${title}, ${byteCount(bytes)}${content}${faults}.`
  const { frame } = item
  const { control } = opcodeInfo(frame.opcode)
  const features = [
    `${frame.masked ? '마스킹한' : '마스킹하지 않은'} ${title === '이어지는 프레임' ? title : `${title} 프레임`}`,
    frame.rsv1 ? '압축된 메시지' : '',
    control ? '' : frame.fin ? '메시지의 끝' : '메시지가 이어짐',
    `페이로드 ${byteCount(bytes)}`,
  ]
  return `${who} ${features.filter(Boolean).join(', ')}${content}${faults}.`
}

const ENDINGS = {
  'client-fin': ['client', 'TCP FIN', '클라이언트가 더 보내지 않습니다'],
  'server-fin': ['server', 'TCP FIN', '서버가 더 보내지 않습니다'],
  reset: ['client', 'TCP RST', '연결이 한순간에 끊겼습니다'],
  destroyed: ['server', '소켓 폐기', '샌드박스가 연결을 포기했습니다'],
  closed: ['server', '소켓 닫힘', '소켓이 닫혔습니다'],
} as const

/** What a note between items says; `from` is whose end it is. */
export function noteWords(note: WireNote): {
  readonly from: Role | undefined
  readonly title: string
  readonly detail: string
} {
  if (note.kind === 'gap')
    return {
      from: undefined,
      title: '빠진 바이트',
      detail: '여기서 바이트가 빠져 뒤를 프레임으로 나눌 수 없습니다',
    }
  const [from, title, detail] = ENDINGS[note.how]
  return { from, title, detail }
}

/** As `itemSentence`, of a note. */
export function noteSentence(note: WireNote, at: number): string {
  const { title, detail } = noteWords(note)
  return `${at.toFixed(2)}밀리초, ${title}, ${detail}.`
}
