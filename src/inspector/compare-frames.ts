import type { Frame } from '#protocol/frame.ts'
import { explainFrame } from '#words/ko/frame-spans.ts'

/** One span in two frames; absent where a frame has none. */
export interface SpanPair {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly left: string | undefined
  readonly right: string | undefined
  readonly isSame: boolean
}

/** Ids of a frame's spans in the order of the wire (RFC 6455 §5.2, §5.5.1). */
const ORDER = [
  'fin',
  'rsv1',
  'rsv2',
  'rsv3',
  'opcode',
  'mask',
  'payload-length',
  'extended-length',
  'masking-key',
  'payload',
  'close-code',
  'close-reason',
]

/** Two frames, span by span in the order of the wire. The payload is compared unmasked, as what was said. */
export function compareFrames(left: Frame, right: Frame): SpanPair[] {
  const [lefts, rights] = [left, right].map(frame => explainFrame(frame))
  const ids = ORDER.filter(id => [lefts, rights].some(spans => spans?.some(span => span.id === id)))
  return ids.map(id => {
    const one = lefts?.find(span => span.id === id)
    const other = rights?.find(span => span.id === id)
    const { name, label } = one ?? other ?? { name: id, label: id }
    const isSame = one?.value === other?.value && (id !== 'payload' || sameBytes(left.payload, right.payload))
    return { id, name, label, left: one?.value, right: other?.value, isSame }
  })
}

/** Payload offsets, as half-open ranges, at which two payloads differ; a longer rest differs. At most `most`. */
export function differences(
  left: Uint8Array,
  right: Uint8Array,
  most: number,
): { readonly start: number; readonly end: number }[] {
  const ranges: { start: number; end: number }[] = []
  const length = Math.max(left.length, right.length)
  for (let at = 0; at < length; at++) {
    if (left[at] === right[at]) continue
    const last = ranges.at(-1)
    if (last?.end === at) last.end++
    else if (ranges.length === most) break
    else ranges.push({ start: at, end: at + 1 })
  }
  return ranges
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
