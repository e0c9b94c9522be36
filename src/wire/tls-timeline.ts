import type { CapturedConnection } from './captured-connection.ts'
import { grouped } from './grouped.ts'
import { endingRows, type TimelineRow, type WireTone } from './timeline.ts'
import { serverName, tlsRecords, type TlsRecord, type TlsRecordKind } from './tls-records.ts'

/** A connection over TLS as whoever stands between its ends sees it: rows in their order, and the records they show. */
export interface TlsTimeline {
  readonly rows: readonly TimelineRow[]
  /** By the key of the row. */
  readonly records: ReadonlyMap<string, TlsRecord>
}

export function tlsTimeline(connection: CapturedConnection): TlsTimeline {
  const start = connection.chunks[0]?.at ?? 0
  const records = new Map(tlsRecords(connection.chunks).map((record, index) => [`r${index}`, record]))
  const shown = [...records].map(([key, record]) => recordRow(key, record))
  const rows = [...shown, ...endingRows(connection)]
    .toSorted((a, b) => a.at - b.at)
    .map(row => ({ ...row, at: row.at - start }))
  return { rows, records }
}

const WORDS: Readonly<Record<TlsRecordKind, { readonly title: string; readonly tone: WireTone }>> = {
  'client-hello': { title: '클라이언트의 인사', tone: 'data' },
  'server-hello': { title: '서버의 인사', tone: 'data' },
  'change-cipher-spec': { title: '암호 바꾸기', tone: 'control' },
  'application-data': { title: '애플리케이션 데이터', tone: 'data' },
  alert: { title: '알림', tone: 'control' },
  other: { title: '다른 레코드', tone: 'control' },
}

function recordRow(key: string, record: TlsRecord): TimelineRow {
  const { from, at, bytes, kind } = record
  const host = serverName(record)
  return {
    key,
    lane: 'wire',
    from,
    at,
    ...WORDS[kind],
    detail: `${host === undefined ? '' : `${host} · `}${grouped(bytes.length)}바이트`,
    item: undefined,
    opens: true,
  }
}
