import fc from 'fast-check'
import { SOCKET_ENDINGS } from '#contract/events.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedChunk,
  type RecordedConnection,
  type Recording,
} from '#recording/recording.ts'
import { concat, head, RFC_REQUEST, RFC_RESPONSE } from '../protocol/bytes.ts'

/** A recording of these connections, made on the first of January 2026. */
export function recordingOf(
  connections: readonly Partial<RecordedConnection>[],
  rest: Partial<Recording> = {},
): Recording {
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title: 'a title',
    client: 'Chromium 156',
    recordedAt: '2026-01-01T00:00:00.000Z',
    connections: connections.map((one, index) => ({
      id: index + 1,
      lab: 'echo',
      chunks: [],
      gaps: [],
      endings: [],
      script: [],
      ...one,
    })),
    marks: [],
    ...rest,
  }
}

export function chunk(from: Role, at: number, bytes: Uint8Array): RecordedChunk {
  return { from, at, bytes: Uint8Array.from(bytes) }
}

/** Chunks a millisecond apart: the handshake of RFC 6455, then these frames. */
export function openedWith(
  frames: readonly (AnyFrameFields & { readonly from: Role })[],
  request: readonly string[] = RFC_REQUEST,
): RecordedChunk[] {
  return [
    chunk('client', 0, head(request)),
    chunk('server', 1000, head(RFC_RESPONSE)),
    ...frames.map(({ from, ...frame }, i) => chunk(from, (i + 2) * 1000, encodeFrame(frame))),
  ]
}

/** All bytes of one side. */
export function bytesFrom(from: Role, { chunks }: Pick<RecordedConnection, 'chunks'>): Uint8Array {
  return concat(...chunks.filter(each => each.from === from).map(({ bytes }) => bytes))
}

/** What a hostile or unlucky text may hold: NULs, lone surrogates, markup, line ends, terminal escapes. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map(units => String.fromCharCode(...units)),
  fc.constantFrom(
    '\0',
    '\ud800',
    'a\udc00b',
    '</script><img src=x onerror=alert(1)>',
    '"; rm -rf /; \'',
    '\u001b[2J\r\n# connection 9 "x"',
    '__proto__',
    '\u202e\u2028\u0085',
    '한글 👋',
    'websocket-anatomy {"recording":{}}',
  ),
)

const time = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 10 ** 11 }))
const ascending = <T extends { readonly at: number }>(items: T[]): T[] =>
  items.toSorted((a, b) => a.at - b.at)

const frame = fc
  .record({
    opcode: fc.integer({ min: 0, max: 15 }),
    fin: fc.boolean(),
    rsv1: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 200 }),
    masked: fc.boolean(),
    key: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    declared: fc.option(fc.constantFrom(2 ** 30, 2n ** 63n, 127), { freq: 20 }),
  })
  .map(({ masked, key, declared, ...fields }) =>
    encodeFrame({
      ...fields,
      ...(masked && { maskingKey: key }),
      ...(declared !== null && { declaredLength: declared, lengthForm: 64 as const }),
    }),
  )

/** Bytes of any kind a connection may carry; now and then more than fits a segment, or none. */
const bytes = fc.oneof(
  frame,
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(head(RFC_REQUEST), head(RFC_RESPONSE), new Uint8Array(0)),
  fc.integer({ min: 1400, max: 5000 }).map(length => Uint8Array.from({ length }, (_, i) => i * 7)),
)

const anyChunk = fc
  .record({ from: fc.constantFrom(...ROLES), at: time, bytes })
  .map(({ from, at, bytes: each }) => chunk(from, at, each))

const gap = (chunks: number) =>
  fc.record(
    {
      before: fc.integer({ min: 0, max: chunks }),
      chunks: fc.nat(100),
      bytes: fc.oneof(fc.nat(10_000), fc.constant(2 ** 40)),
      from: fc.constantFrom(...ROLES),
    },
    { requiredKeys: ['before', 'chunks', 'bytes'] },
  )

const connection = fc
  .record({
    lab: hostileText,
    chunks: fc.array(anyChunk, { maxLength: 12 }).map(ascending),
    endings: fc
      .array(fc.record({ at: time, how: fc.constantFrom(...SOCKET_ENDINGS) }), { maxLength: 4 })
      .map(ascending),
    script: fc
      .array(
        fc.record({
          at: time,
          what: fc.constantFrom('new', 'open', 'send', 'message', 'error', 'close()', 'close'),
          detail: hostileText,
        }),
        { maxLength: 4 },
      )
      .map(ascending),
  })
  .chain(one =>
    fc
      .array(gap(one.chunks.length), { maxLength: 2 })
      .map(gaps => ({ ...one, gaps: gaps.toSorted((a, b) => a.before - b.before) })),
  )

/** Any recording at all, of whole microseconds. */
export const recordings: fc.Arbitrary<Recording> = fc
  .record({
    title: hostileText,
    client: hostileText,
    recordedAt: fc
      .date({
        min: new Date('1970-01-01T00:00:00Z'),
        max: new Date('2199-01-01T00:00:00Z'),
        noInvalidDate: true,
      })
      .map(date => date.toISOString()),
    connections: fc.uniqueArray(fc.record({ id: fc.nat(0xffffffff), one: connection }), {
      maxLength: 4,
      selector: ({ id }) => id,
    }),
    marks: fc.array(
      fc.record(
        { at: time, label: hostileText, of: fc.nat(5), item: fc.maxSafeNat() },
        { requiredKeys: ['at', 'label', 'of'] },
      ),
      { maxLength: 4 },
    ),
  })
  .map(({ connections, marks, ...rest }) =>
    recordingOf(
      connections.map(({ id, one }) => ({ id, ...one })),
      {
        ...rest,
        marks: marks.map(({ of, ...mark }) => {
          const id = connections[of]?.id
          return id === undefined ? mark : { ...mark, connection: id }
        }),
      },
    ),
  )

/** A recording with its bytes in hex: what differs is found sooner, and printed shorter. */
export function told(recording: Recording) {
  const connections = recording.connections.map(one => ({
    ...one,
    chunks: one.chunks.map(
      ({ from, at, bytes: each }) => `${from} ${at} ${Buffer.from(each).toString('hex')}`,
    ),
  }))
  return { ...recording, connections }
}
