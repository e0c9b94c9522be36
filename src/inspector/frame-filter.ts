import type { Check } from '#protocol/handshake.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { itemText } from './item-text.ts'

/** Kinds a reader can choose between; `reserved` are frames whose opcode means nothing, `fault` bytes that are none. */
export const ITEM_KINDS = [
  'handshake',
  'text',
  'binary',
  'continuation',
  'ping',
  'pong',
  'close',
  'reserved',
  'fault',
] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

/** What of a connection is to be seen. */
export interface FrameFilter {
  readonly from: Role | 'both'
  /** None chosen: all. */
  readonly kinds: readonly ItemKind[]
  /** Payload bytes of a frame, bytes of anything else; both ends included. */
  readonly minBytes: number | undefined
  readonly maxBytes: number | undefined
  /** Looked for in texts (letter case aside) and, when it is written as bytes, in payloads: `0x 03 e8`. */
  readonly text: string
  /** Reads `text` as a regular expression. */
  readonly isRegex: boolean
  /** Only what breaks a rule. */
  readonly onlyViolations: boolean
}

export const EVERYTHING: FrameFilter = {
  from: 'both',
  kinds: [],
  minBytes: undefined,
  maxBytes: undefined,
  text: '',
  isRegex: false,
  onlyViolations: false,
}

/** Whether a filter leaves anything out. */
export function isFiltering(filter: FrameFilter): boolean {
  return JSON.stringify(filter) !== JSON.stringify(EVERYTHING)
}

export type Matcher = (item: TraceItem) => boolean

/** A filter ready to be held against items. */
export interface FilterTest {
  readonly quick: Matcher
  /** What the text of an item has to match besides. Nobody knows how long that takes: see `PatternTester`. */
  readonly pattern: RegExp | undefined
}

/** Turns a filter into a test of items, or says in a Korean sentence why it cannot be one. */
export function testOf(filter: FrameFilter): FilterTest | { readonly fault: string } {
  const tests: Matcher[] = []
  const { from, kinds, minBytes, maxBytes, onlyViolations } = filter
  if (from !== 'both') tests.push(item => item.from === from)
  if (kinds.length > 0) {
    const wanted = new Set(kinds)
    tests.push(item => wanted.has(kindOf(item)))
  }
  if (minBytes !== undefined) tests.push(item => bytesOf(item) >= minBytes)
  if (maxBytes !== undefined) tests.push(item => bytesOf(item) <= maxBytes)
  if (onlyViolations) tests.push(breaksRule)
  const quick: Matcher = item => tests.every(test => test(item))
  if (filter.text === '') return { quick, pattern: undefined }
  if (filter.isRegex) {
    const pattern = regexOf(filter.text)
    return pattern instanceof RegExp ? { quick, pattern } : pattern
  }
  const search = searchOf(filter.text)
  if (typeof search !== 'function') return search
  tests.push(search)
  return { quick, pattern: undefined }
}

const KIND_BY_OPCODE: Readonly<Record<number, ItemKind>> = {
  [OPCODES.continuation]: 'continuation',
  [OPCODES.text]: 'text',
  [OPCODES.binary]: 'binary',
  [OPCODES.close]: 'close',
  [OPCODES.ping]: 'ping',
  [OPCODES.pong]: 'pong',
}

export function kindOf(item: TraceItem): ItemKind {
  if (item.kind === 'frame') return KIND_BY_OPCODE[item.frame.opcode] ?? 'reserved'
  return item.kind === 'fault' ? 'fault' : 'handshake'
}

/** Payload bytes of a frame, all bytes of anything else. */
export function bytesOf(item: TraceItem): number {
  if (item.kind === 'frame') return item.frame.payloadLength
  return item.kind === 'request' || item.kind === 'response' ? item.head.bytes.length : item.bytes.length
}

export function breaksRule(item: TraceItem): boolean {
  if (item.kind === 'frame') return item.violations.length > 0
  if (item.kind === 'request' || item.kind === 'response') return brokenChecks(item.checks).length > 0
  return item.kind === 'fault'
}

/** Checks of a head that a side has failed. Another status than 101 makes no handshake, but a server may refuse one. */
export function brokenChecks(checks: readonly Check[]): Check[] {
  return checks.filter(({ ok, rule }) => !ok && rule !== 'response-status')
}

/** Turns text, or bytes written as `0x 03 e8`, into a test of items, or says why it cannot be one. */
export function searchOf(text: string): Matcher | { readonly fault: string } {
  const hex = /^0x([\s0-9a-f]*)$/i.exec(text)?.[1]?.replaceAll(/\s/g, '')
  if (hex !== undefined) {
    if (hex.length === 0 || hex.length % 2 === 1)
      return { fault: '0x 뒤에는 16진수를 두 자리씩 적습니다. 예: 0x 03 e8' }
    const wanted = Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
      Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
    )
    return item => includesBytes(contentOf(item), wanted)
  }
  const wanted = text.normalize('NFC').toLowerCase()
  return item => itemText(item).normalize('NFC').toLowerCase().includes(wanted)
}

/** By characters where the expression is strict enough for it; escapes like `\-` are usual elsewhere. */
function regexOf(text: string): RegExp | { readonly fault: string } {
  try {
    return new RegExp(text, 'iu')
  } catch {
    try {
      return new RegExp(text, 'i')
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { fault: `정규식으로 읽을 수 없습니다: ${why}` }
    }
  }
}

function contentOf(item: TraceItem): Uint8Array {
  if (item.kind === 'frame') return item.frame.payload
  return item.kind === 'request' || item.kind === 'response' ? item.head.bytes : item.bytes
}

function includesBytes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first = 0] = wanted
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + wanted.length > bytes.length) return false
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true
  }
  return false
}
