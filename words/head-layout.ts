import type { HeaderField, RequestHead, ResponseHead } from '#protocol/http-head.ts'
import { latin1 } from '#protocol/latin1.ts'
import type { Span } from './span.ts'

/** What parts a head can have, by the name its grammar gives them. */
export type HeadSpanName =
  | 'method'
  | 'request-target'
  | 'HTTP-version'
  | 'status-code'
  | 'reason-phrase'
  | 'SP'
  | 'CRLF'
  | 'field-name'
  | '":" OWS'
  | 'field-value'
  | 'OWS'
  | 'empty line'

/** A part of a head. */
export interface HeadSpan extends Span {
  readonly name: HeadSpanName
  /** For a part of a header field: the field's name in lower case. */
  readonly field?: string
}

const HTTP = 'RFC 9112 §'

/** Where header fields are defined, by name. */
const FIELD_SECTIONS: ReadonlyMap<string, string> = new Map([
  ['host', 'RFC 6455 §4.1'],
  ['upgrade', 'RFC 6455 §4.1'],
  ['connection', 'RFC 6455 §4.1'],
  ['origin', 'RFC 6455 §10.2'],
  ['sec-websocket-key', 'RFC 6455 §11.3.1'],
  ['sec-websocket-extensions', 'RFC 6455 §11.3.2'],
  ['sec-websocket-accept', 'RFC 6455 §11.3.3'],
  ['sec-websocket-protocol', 'RFC 6455 §11.3.4'],
  ['sec-websocket-version', 'RFC 6455 §11.3.5'],
  ['user-agent', 'RFC 9110 §10.1.5'],
  ['cookie', 'RFC 6265 §5.4'],
  ['authorization', 'RFC 9110 §11.6.2'],
  ['accept-encoding', 'RFC 9110 §12.5.3'],
  ['accept-language', 'RFC 9110 §12.5.4'],
  ['cache-control', 'RFC 9111 §5.2'],
  ['pragma', 'RFC 9111 §5.4'],
  ['date', 'RFC 9110 §6.6.1'],
  ['server', 'RFC 9110 §10.2.4'],
  ['content-length', 'RFC 9110 §8.6'],
  ['content-type', 'RFC 9110 §8.3'],
])

/** Spans that partition the bytes of a head, in order. */
export function layoutHead(head: RequestHead | ResponseHead): HeadSpan[] {
  const spans: HeadSpan[] = []
  let start = 0
  /** Adds a span that goes on to `end` from where the last one ended; empty ones are left out. */
  const add = (end: number, id: string, name: HeadSpanName, section: string, field?: string): void => {
    if (end <= start) return
    const value = printable(latin1(head.bytes, start, end))
    spans.push({ id, name, value, start, end, section, ...(field !== undefined && { field }) })
    start = end
  }
  const space = (id: string): void => add(start + 1, id, 'SP', `${HTTP}3`)
  const lineEnd = (end: number, id: string): void => add(end, id, 'CRLF', `${HTTP}2.1`)

  const startLineEnd = head.fields[0]?.line.start ?? head.bytes.length - 2
  if (head.kind === 'request') {
    add(head.method.length, 'method', 'method', 'RFC 6455 §4.1')
    space('space-1')
    add(start + head.target.length, 'target', 'request-target', 'RFC 6455 §3')
    space('space-2')
    add(startLineEnd - 2, 'version', 'HTTP-version', 'RFC 6455 §4.1')
  } else {
    add(head.version.length, 'version', 'HTTP-version', `${HTTP}2.3`)
    space('space-1')
    add(start + 3, 'status', 'status-code', 'RFC 6455 §4.2.2')
    if (startLineEnd - 2 > start) space('space-2')
    add(startLineEnd - 2, 'reason', 'reason-phrase', `${HTTP}4`)
  }
  lineEnd(startLineEnd, 'start-line:end')

  const seen = new Map<string, number>()
  for (const field of head.fields) {
    const key = field.name.toLowerCase()
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    addField(field, key, `field:${key}${count > 1 ? `#${count}` : ''}`)
  }
  add(head.bytes.length, 'end', 'empty line', `${HTTP}2.1`)
  return spans

  function addField({ nameRange, valueRange, line }: HeaderField, key: string, id: string): void {
    add(nameRange.end, `${id}:name`, 'field-name', `${HTTP}5`, key)
    add(valueRange.start, `${id}:colon`, '":" OWS', `${HTTP}5`, key)
    add(valueRange.end, `${id}:value`, 'field-value', FIELD_SECTIONS.get(key) ?? 'RFC 9110 §5', key)
    add(line.end - 2, `${id}:space`, 'OWS', `${HTTP}5`, key)
    lineEnd(line.end, `${id}:end`)
  }
}

function printable(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}
