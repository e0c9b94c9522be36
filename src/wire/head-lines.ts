import type { RequestHead, ResponseHead } from '#protocol/http-head.ts'
import { explainHead } from '#words/ko/head-spans.ts'
import type { Span } from '#words/span.ts'

/** One line of a request or response head as it is shown: verbatim, the name apart from the rest. */
export interface HeadLine {
  /** Byte offset of the line. */
  readonly start: number
  /** `Host:` as sent, empty for the first line. */
  readonly name: string
  readonly rest: string
  readonly spanIds: readonly string[]
  /** The span that says most about the line: its value, or what the first line is about. */
  readonly mainSpan: string
}

/** The head's lines in the order they crossed, the empty one left out. */
export function headLines(head: RequestHead | ResponseHead, spans: readonly Span[]): HeadLine[] {
  const text = Array.from(head.bytes, byte => String.fromCharCode(byte)).join('')
  const firstEnd = head.fields[0]?.line.start ?? head.bytes.length - 2
  const ranges = [{ start: 0, end: firstEnd }, ...head.fields.map(field => field.line)]
  return ranges.map(({ start, end }, index) => {
    const inLine = spans.filter(span => span.start >= start && span.end <= end)
    const nameEnd = index === 0 ? start : (inLine.find(span => span.id.endsWith(':name'))?.end ?? start) + 1
    const main = inLine.find(
      span => span.id.endsWith(':value') || span.id === 'status' || span.id === 'method',
    )
    return {
      start,
      name: text.slice(start, nameEnd),
      rest: text.slice(nameEnd, end).replace(/\r\n$/, ''),
      spanIds: inLine.map(span => span.id),
      mainSpan: (main ?? inLine[0])?.id ?? '',
    }
  })
}

/** A line with what it means. */
interface AnnotatedLine extends HeadLine {
  /** Whether there is no WebSocket without it. */
  readonly required: boolean
  readonly sentence: string
}

/** First lines and these fields have to be there (RFC 6455 §4.1, §4.2.2); browsers must send Origin. */
const REQUIRED: Readonly<Record<'request' | 'response', readonly string[]>> = {
  request: ['host:', 'upgrade:', 'connection:', 'sec-websocket-key:', 'sec-websocket-version:', 'origin:'],
  response: ['upgrade:', 'connection:', 'sec-websocket-accept:'],
}

/** The head's lines as a lesson reads them. */
export function annotatedLines(head: RequestHead | ResponseHead): AnnotatedLine[] {
  const spans = explainHead(head)
  return headLines(head, spans).map(line => ({
    ...line,
    required: line.name === '' || REQUIRED[head.kind].includes(line.name.toLowerCase()),
    sentence: spans.find(span => span.id === line.mainSpan)?.sentence ?? '',
  }))
}
