import type { Role } from '#protocol/role.ts'
import type { Recording } from '#recording/recording.ts'
import { explainFrame } from '#words/ko/frame-spans.ts'
import { explainHead } from '#words/ko/head-spans.ts'
import type { Worded } from '#words/ko/span-words.ts'
import type { Span } from '#words/span.ts'
import { RecordedError, recordedFrame, recordedHead } from './recorded.ts'

type WordedSpan = Worded<Span>

/** Most bytes a reader is asked to look through. */
const SHOWN_LIMIT = 256

/** Which bytes of a recording a question is about. */
export interface BytesAsked {
  /** A frame as in `client.0`; or else a head. */
  readonly frame?: string
  /** `request` or `response`. */
  readonly side?: string
  /** Id of the span to find. */
  readonly span?: string
  /** Ids of the first and the last span shown; without them everything is. */
  readonly from?: string
  readonly to?: string
}

export interface RecordedBytes {
  readonly from: Role
  readonly kind: 'frame' | 'head'
  /** The whole frame or head. */
  readonly bytes: Uint8Array
  /** The bytes shown, `end` excluded. */
  readonly start: number
  readonly end: number
  /** The spans shown, in order. */
  readonly spans: readonly WordedSpan[]
  /** The one to find. */
  readonly answer: WordedSpan
}

/**
 * The bytes of a frame or head, with a span to find in them.
 * @throws RecordedError when the recording has no such bytes or they no such span
 */
export function recordedBytes(name: string, recording: Recording, asked: BytesAsked): RecordedBytes {
  const { from, kind, bytes, spans } = bytesOf(name, recording, asked)
  const spanCalled = (id: string): WordedSpan => {
    const span = spans.find(each => each.id === id)
    if (span) return span
    throw new RecordedError(
      `recording "${name}" has no span "${id}" there (it has ${spans.map(each => each.id).join(', ')})`,
    )
  }
  const start = asked.from === undefined ? 0 : spanCalled(asked.from).start
  const end = asked.to === undefined ? bytes.length : spanCalled(asked.to).end
  const answer = spanCalled(asked.span ?? '')
  if (answer.start < start || answer.end > end)
    throw new RecordedError(`span "${answer.id}" lies outside of from="…" and to="…"`)
  if (end - start > SHOWN_LIMIT)
    throw new RecordedError(`shows ${end - start} bytes, more than ${SHOWN_LIMIT}: give from="…" and to="…"`)
  const shown = spans.filter(span => span.start >= start && span.end <= end)
  return { from, kind, bytes, start, end, spans: shown, answer }
}

function bytesOf(
  name: string,
  recording: Recording,
  { frame: which, side }: BytesAsked,
): { from: Role; kind: 'frame' | 'head'; bytes: Uint8Array; spans: WordedSpan[] } {
  if ((which === undefined) === (side === undefined))
    throw new RecordedError('needs either frame="…" or side="…"')
  if (which !== undefined) {
    const { frame, from } = recordedFrame(name, recording, which)
    return { from, kind: 'frame', bytes: frame.wire, spans: explainFrame(frame) }
  }
  const head = recordedHead(name, recording, side ?? '')
  const from = head.kind === 'request' ? 'client' : 'server'
  return { from, kind: 'head', bytes: head.bytes, spans: explainHead(head) }
}

/** Where some bytes are, in words: `2–3번 바이트`. */
export function placeWords({ start, end }: { readonly start: number; readonly end: number }): string {
  return end - start === 1 ? `${start}번 바이트` : `${start}–${end - 1}번 바이트`
}
