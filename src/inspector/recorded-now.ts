import { RECORDING_FORMAT, RECORDING_VERSION, type Mark, type Recording } from '#recording/recording.ts'
import { grouped } from '../wire/grouped.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import type { Inspector } from './inspector.ts'
import { isMarkOf, markOf } from './marks.ts'

/** The moment and the program of a live recording, which only the page knows. */
export interface Here {
  /** Milliseconds since 1970, now. */
  readonly now: number
  /** Microseconds since the session began, now. */
  readonly sessionTime: number
  readonly userAgent: string
}

/** What is inspected as a recording: an open one with the reader's marks, or the live connection as far as it is kept. */
export function recordedNow(inspector: Inspector, here: Here): Recording | undefined {
  const { inspected, recording, source } = inspector
  if (!inspected) return undefined
  const { connection } = inspected
  const marks = Array.from(inspector.marks, ([number, label]) => markOf(connection, number, label))
  if (recording) {
    const { recording: whole, index } = recording
    const others = whole.marks.filter(mark => !isMarkOf(mark, whole, index))
    return { ...whole, marks: [...others, ...marks].toSorted(inOrder) }
  }
  const client = source?.kind === 'raw' ? '원시 클라이언트' : browserName(here.userAgent)
  return recordConnection(connection, { title: '인스펙터에서 남긴 기록', client, marks }, here)
}

/** A live connection as a recording, as far as it is kept. */
export function recordConnection(
  connection: CapturedConnection,
  { title, client, marks }: Pick<Recording, 'title' | 'client' | 'marks'>,
  { now, sessionTime }: Pick<Here, 'now' | 'sessionTime'>,
): Recording {
  const { items } = connection.forgotten
  const cut =
    items === 0
      ? []
      : [markOf(connection, items, `한도를 넘어 이 앞의 항목 ${grouped(items)}개는 담기지 않았습니다`)]
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title,
    client,
    recordedAt: new Date(now - sessionTime / 1000).toISOString(),
    connections: [connection.toRecorded()],
    marks: [...cut, ...marks].toSorted(inOrder),
  }
}

/** By time, and at one time in the order of the items. */
function inOrder(a: Mark, b: Mark): number {
  return a.at - b.at || (a.item ?? 0) - (b.item ?? 0)
}

const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Edg\/(\d+)/, 'Edge'],
  [/Chrome\/(\d+)/, 'Chromium'],
  [/Version\/(\d+)[\d.]* .*Safari/, 'Safari'],
]

/** Name and main version of a browser, as far as it says so; empty otherwise. */
export function browserName(userAgent: string): string {
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined) return `${name} ${version}`
  }
  return ''
}
