import type { TimelineRow } from '../../wire/timeline.ts'

/** A row of a connection that speaks HTTP and nothing else: what crosses there is no opening handshake. */
export function plainHttp(row: TimelineRow): TimelineRow {
  if (row.lane === 'script') return row
  if (row.item?.kind !== 'request' && row.item?.kind !== 'response') return row
  return { ...row, title: row.item.kind === 'request' ? 'HTTP 요청' : 'HTTP 응답', tone: 'data' }
}
