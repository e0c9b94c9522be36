import * as v from 'valibot'
import { KEY, TEXT_LIMIT, type ProgressRecord, type Records } from './records.ts'

/** First field of every progress file; a file without it is not ours. */
const FORMAT = 'websocket-anatomy-progress'
/** Version of the file, the same as that of the store. Newer ones are refused. */
const VERSION = 2
/** Largest file that is read, in bytes. A whole course answered is well below a tenth of it. */
export const FILE_LIMIT = 1_000_000

const time = v.pipe(v.number(), v.finite(), v.minValue(0))
const text = v.pipe(v.string(), v.maxLength(TEXT_LIMIT))

const record = v.object({
  at: time,
  answer: v.exactOptional(text),
  right: v.exactOptional(v.boolean()),
  round: v.exactOptional(time),
  due: v.exactOptional(time),
  title: v.exactOptional(text),
})

const file = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  savedAt: v.pipe(v.string(), v.isoTimestamp()),
  records: v.record(v.pipe(v.string(), v.regex(KEY)), record),
})

export interface ProgressFile {
  /** When it was written, as an ISO timestamp. */
  readonly savedAt: string
  readonly records: Records
}

/** A file that cannot be taken in; the message is a sentence for the reader. */
export class ProgressFileError extends Error {
  override readonly name = 'ProgressFileError'
}

/** Writes progress as the text of a file that `parseProgressFile` reads back. */
export function serializeProgress(records: Records, now: number): string {
  const content: v.InferInput<typeof file> = {
    format: FORMAT,
    version: VERSION,
    savedAt: new Date(now).toISOString(),
    records: Object.fromEntries(records),
  }
  return `${JSON.stringify(content, null, 1)}\n`
}

/**
 * Reads a progress file.
 * @throws ProgressFileError saying why it cannot be taken in
 */
export function parseProgressFile(source: string): ProgressFile {
  if (source.length > FILE_LIMIT)
    throw new ProgressFileError(
      '파일이 너무 커서 읽지 않았습니다. 이 강의가 내보낸 진도 파일인지 확인합니다.',
    )
  const json = parseJson(source)
  const head = v.safeParse(v.object({ format: v.literal(FORMAT), version: v.number() }), json)
  if (!head.success)
    throw new ProgressFileError('이 강의의 진도 파일이 아닙니다. 내 진도 페이지에서 내보낸 파일을 고릅니다.')
  if (head.output.version > VERSION)
    throw new ProgressFileError(
      '이 강의의 더 새로운 버전에서 내보낸 파일입니다. 페이지를 새로고침한 다음 다시 가져옵니다.',
    )
  const result = v.safeParse(file, json)
  if (!result.success) {
    const [issue] = result.issues
    throw new ProgressFileError(`파일이 손상되었습니다. 읽지 못한 곳: ${v.getDotPath(issue) ?? '맨 처음'}`)
  }
  const { savedAt, records } = result.output
  return { savedAt, records: new Map<string, ProgressRecord>(Object.entries(records)) }
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    throw new ProgressFileError(
      'JSON으로 읽을 수 없는 파일입니다. 내 진도 페이지에서 내보낸 파일을 고릅니다.',
    )
  }
}
