import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CHUNK_HEAD_BYTES,
  ContractError,
  encodeChunk,
  ERROR_CODES,
  parseEvent,
  SOCKET_ENDINGS,
  type Chunk,
  type JsonEvent,
} from '#contract/events.ts'
import { ROLES } from '#protocol/role.ts'

const id = fc.integer({ min: 0, max: 0xffffffff })
/** As JSON can carry it: it has no negative zero. */
const micros = fc.double({ min: 0, max: 1e15, noNaN: true }).map(value => value + 0)
const type = <T extends string>(name: T) => fc.constant(name)

const jsonEvent: fc.Arbitrary<JsonEvent> = fc.oneof(
  fc.record({ type: type('welcome'), version: fc.integer(), now: micros }),
  fc.record({ type: type('ticket'), request: id, connection: id, ticket: fc.string(), expiresIn: fc.nat() }),
  fc.record({ type: type('opened'), connection: id, at: micros, lab: fc.string() }),
  fc.record({ type: type('ending'), connection: id, at: micros, how: fc.constantFrom(...SOCKET_ENDINGS) }),
  fc.record({ type: type('dropped'), connection: id, chunks: fc.nat(), bytes: fc.nat() }),
  fc.record({ type: type('error'), code: fc.constantFrom(...ERROR_CODES), message: fc.string() }),
)

const chunk: fc.Arbitrary<Chunk> = fc.record({
  type: type('chunk'),
  connection: id,
  from: fc.constantFrom(...ROLES),
  at: micros,
  bytes: fc.uint8Array({ maxLength: 300 }).map(bytes => new Uint8Array(bytes)),
})

/** What is thrown when a message is read. */
function faultOf(message: string | Uint8Array): unknown {
  try {
    parseEvent(message)
  } catch (error) {
    return error
  }
  return undefined
}

describe('an event', () => {
  test('in JSON is read back as it was written', () => {
    fc.assert(
      fc.property(jsonEvent, event => {
        expect(parseEvent(JSON.stringify(event))).toEqual(event)
      }),
    )
  })

  test('of bytes is read back as it was written', () => {
    fc.assert(
      fc.property(chunk, each => {
        expect(parseEvent(encodeChunk(each))).toEqual(each)
      }),
    )
  })

  test('of bytes is read wherever it lies in a larger buffer', () => {
    fc.assert(
      fc.property(chunk, fc.nat(20), (each, before) => {
        const message = encodeChunk(each)
        const buffer = new Uint8Array(before + message.length)
        buffer.set(message, before)
        expect(parseEvent(buffer.subarray(before))).toEqual(each)
      }),
    )
  })

  test('of bytes costs its head and no more', () => {
    const message = encodeChunk({ connection: 1, from: 'client', at: 2.5, bytes: new Uint8Array(1000) })
    expect(message).toHaveLength(CHUNK_HEAD_BYTES + 1000)
  })

  test('that a newer sandbox has added a field to is still read', () => {
    const event = { type: 'opened', connection: 1, at: 0, lab: 'echo' }
    expect(parseEvent(JSON.stringify({ ...event, mood: 'good' }))).toEqual(event)
  })
})

describe('an event that this contract does not know names the field at fault', () => {
  const faulty: [what: string, event: unknown, field: string][] = [
    ['an unknown type', { type: 'applause' }, 'type'],
    ['a chunk in JSON', { type: 'chunk', connection: 1, from: 'client', at: 0, bytes: {} }, 'type'],
    ['no connection', { type: 'opened', at: 0, lab: 'echo' }, 'connection'],
    [
      'a connection beyond 32 bits',
      { type: 'opened', connection: 2 ** 32, at: 0, lab: 'echo' },
      'connection',
    ],
    ['a time before the session', { type: 'opened', connection: 1, at: -1, lab: 'echo' }, 'at'],
    ['an unknown ending', { type: 'ending', connection: 1, at: 0, how: 'bored' }, 'how'],
    ['an unknown error code', { type: 'error', code: 'E1', message: '' }, 'code'],
    ['no object', 'welcome', ''],
  ]
  test.each(faulty)('%s', (_what, event, field) => {
    const fault = faultOf(JSON.stringify(event))
    expect(fault).toBeInstanceOf(ContractError)
    expect(fault).toMatchObject({ field })
  })

  test('text that is not JSON', () => {
    expect(faultOf('welcome')).toMatchObject({ name: 'ContractError', field: '', message: 'not JSON' })
  })

  const message = encodeChunk({ connection: 1, from: 'server', at: 1, bytes: Uint8Array.of(1, 2) })
  const changed = (offset: number, ...bytes: number[]) => {
    const copy = message.slice()
    copy.set(bytes, offset)
    return copy
  }
  test.each([
    ['bytes of another kind', changed(0, 9), 'type'],
    ['a sender that is neither side', changed(1, 2), 'from'],
    ['a time that is no number', changed(6, 0x7f, 0xf8), 'at'],
    ['an infinite time', changed(6, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0), 'at'],
    ['fewer bytes than a head', message.subarray(0, CHUNK_HEAD_BYTES - 1), ''],
    ['no bytes', new Uint8Array(), ''],
  ])('%s', (_what, bytes, field) => {
    expect(faultOf(bytes)).toBeInstanceOf(ContractError)
    expect(faultOf(bytes)).toMatchObject({ field })
  })
})
