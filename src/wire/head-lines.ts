import type { RequestHead, ResponseHead } from '#protocol/http-head.ts'
import type { Span } from '#protocol/span.ts'

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
