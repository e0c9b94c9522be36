import { latin1 } from './latin1.ts'
import type { HeadRuleId } from './rule-facts.ts'

/** Half-open range of byte offsets. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** One header field line, with the sender's own order, case and spacing. */
export interface HeaderField {
  /** As sent, case included. */
  readonly name: string
  /** Without the whitespace around it (RFC 9112 §5.1); bytes above 7F are the characters U+0080–U+00FF. */
  readonly value: string
  /** The whole line in the head, CRLF included. */
  readonly line: ByteRange
  readonly nameRange: ByteRange
  readonly valueRange: ByteRange
}

interface Head {
  /** `HTTP/1.1` and the like, as sent. */
  readonly version: string
  /** In order of arrival. */
  readonly fields: readonly HeaderField[]
  /** The whole head, final CRLFCRLF included. */
  readonly bytes: Uint8Array
}

/** Head of an HTTP/1.x request (RFC 9112 §3). */
export interface RequestHead extends Head {
  readonly kind: 'request'
  readonly method: string
  readonly target: string
}

/** Head of an HTTP/1.x response (RFC 9112 §4). */
export interface ResponseHead extends Head {
  readonly kind: 'response'
  /** 100–999. */
  readonly status: number
  /** May be empty. */
  readonly reason: string
}

/** A head that does not follow the grammar of RFC 9112. `offset` is where in the head it shows. */
export class HeadError extends Error {
  override readonly name = 'HeadError'
  readonly rule: HeadRuleId
  readonly offset: number
  constructor(rule: HeadRuleId, offset: number) {
    super(`${rule} at byte ${offset}`)
    this.rule = rule
    this.offset = offset
  }
}

const CR = 13
const LF = 10

/**
 * Bytes up to and including the empty line that ends a head; `undefined` while there is none. Lines that end in a bare
 * LF count too, so that a head which uses them ends somewhere; the parsers then refuse it.
 * @param from bytes at the beginning that are known to hold no end, for heads that come in pieces
 */
export function headLength(bytes: Uint8Array, from = 0): number | undefined {
  for (let i = bytes.indexOf(LF, from); i >= 0; i = bytes.indexOf(LF, i + 1)) {
    const lineEnd = bytes[i - 1] === CR ? i - 1 : i
    if (lineEnd === 0 || bytes[lineEnd - 1] === LF) return i + 1
  }
  return undefined
}

/**
 * Reads the head of a request, which must be whole.
 * @throws HeadError when it is not as RFC 9112 says
 */
export function parseRequestHead(bytes: Uint8Array): RequestHead {
  const { startLine, fields } = parseHead(bytes)
  const match = /^([!#$%&'*+.^_`|~\w-]+) ([\x21-\x7e]+) (HTTP\/\d\.\d)$/.exec(startLine)
  if (!match) throw new HeadError('head-start-line', 0)
  const [, method = '', target = '', version = ''] = match
  return { kind: 'request', method, target, version, fields, bytes }
}

/**
 * Reads the head of a response, which must be whole.
 * @throws HeadError when it is not as RFC 9112 says
 */
export function parseResponseHead(bytes: Uint8Array): ResponseHead {
  const { startLine, fields } = parseHead(bytes)
  const match = /^(HTTP\/\d\.\d) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/.exec(startLine)
  if (!match) throw new HeadError('head-start-line', 0)
  const [, version = '', status, reason = ''] = match
  return { kind: 'response', version, status: Number(status), reason, fields, bytes }
}

function parseHead(bytes: Uint8Array): { startLine: string; fields: HeaderField[] } {
  const text = latin1(bytes)
  const fields: HeaderField[] = []
  let startLine: string | undefined
  let start = 0
  for (;;) {
    const lf = text.indexOf('\n', start)
    if (lf < 0) throw new HeadError('head-line-ending', text.length)
    const end = lf - 1
    const line = text.slice(start, end)
    const cr = line.indexOf('\r')
    if (end < start || text[end] !== '\r') throw new HeadError('head-line-ending', lf)
    if (cr >= 0) throw new HeadError('head-line-ending', start + cr)
    if (startLine === undefined) {
      if (line === '') throw new HeadError('head-start-line', 0)
      startLine = line
    } else if (line !== '') fields.push(parseField(line, start))
    else if (lf + 1 === text.length) return { startLine, fields }
    else throw new HeadError('head-line-ending', lf + 1)
    start = lf + 1
  }
}

function parseField(line: string, start: number): HeaderField {
  if (/^[ \t]/.test(line)) throw new HeadError('head-folding', start)
  const name = /^[!#$%&'*+.^_`|~\w-]*/.exec(line)?.[0] ?? ''
  if (name === '' || line[name.length] !== ':') throw new HeadError('head-field-name', start + name.length)
  // RFC 9110 §5.5: no control characters but HTAB.
  // eslint-disable-next-line no-control-regex
  const control = line.search(/[\0-\x08\x0a-\x1f\x7f]/)
  if (control >= 0) throw new HeadError('head-field-value', start + control)
  const value = withoutSpaces(line, name.length + 1, line.length)
  return {
    name,
    value: line.slice(value.start, value.end),
    line: { start, end: start + line.length + 2 },
    nameRange: { start, end: start + name.length },
    valueRange: { start: start + value.start, end: start + value.end },
  }
}

/**
 * Where a stretch of a line begins and ends without the spaces and tabs around it (RFC 9110 §5.6.3); at its end when it
 * has nothing else. A pattern would look at a run of spaces inside once for each of them.
 */
function withoutSpaces(line: string, start: number, end: number): ByteRange {
  let from = start
  let to = end
  while (from < to && isSpace(line[from])) from++
  while (to > from && isSpace(line[to - 1])) to--
  return { start: from, end: to }
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t'
}

/** Every field of that name, in order; names are case-insensitive (RFC 9110 §5.1). */
export function fieldsNamed(head: RequestHead | ResponseHead, name: string): HeaderField[] {
  const wanted = name.toLowerCase()
  return head.fields.filter(field => field.name.toLowerCase() === wanted)
}

/** Values of every field of that name, in order. */
export function fieldValues(head: RequestHead | ResponseHead, name: string): string[] {
  return fieldsNamed(head, name).map(field => field.value)
}

/**
 * Elements of a comma-separated list over all fields of that name (RFC 9110 §5.6.1), as sent and in order. Empty
 * elements are left out, as the RFC asks of recipients. For lists without quoted strings.
 */
export function listTokens(head: RequestHead | ResponseHead, name: string): string[] {
  return fieldValues(head, name)
    .flatMap(value => value.split(','))
    .map(element => {
      const { start, end } = withoutSpaces(element, 0, element.length)
      return element.slice(start, end)
    })
    .filter(token => token !== '')
}
