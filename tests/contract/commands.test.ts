import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_OVERHEARD_TEXT } from '#contract/addresses.ts'
import { parseCommand, type JsonCommand } from '#contract/commands.ts'
import { RACE_BOUNDS } from '#contract/race.ts'
import { encodeWrite } from '#contract/write.ts'

const lab = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/)
const connection = fc.nat(0xffffffff)
const setting = (name: keyof typeof RACE_BOUNDS) =>
  fc.integer({ min: RACE_BOUNDS[name].least, max: RACE_BOUNDS[name].most })
const command: fc.Arbitrary<JsonCommand> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), version: fc.integer() }),
  fc.record({ type: fc.constant('ticket' as const), request: fc.maxSafeNat(), lab }),
  fc.record({ type: fc.constant('heartbeat' as const), request: fc.maxSafeNat() }),
  fc.record({ type: fc.constant('dial' as const), request: fc.maxSafeNat() }),
  fc.record({
    type: fc.constant('end' as const),
    request: fc.maxSafeNat(),
    connection,
    how: fc.constantFrom('fin' as const, 'reset' as const),
  }),
  fc.record({
    type: fc.constant('race' as const),
    request: fc.maxSafeNat(),
    rate: setting('rate'),
    size: setting('size'),
    subscribers: setting('subscribers'),
    pollMs: setting('pollMs'),
    seconds: setting('seconds'),
    batching: fc.boolean(),
    keepAlive: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('overhear' as const),
    request: fc.maxSafeNat(),
    secure: fc.boolean(),
    text: fc.string({ maxLength: MAX_OVERHEARD_TEXT }),
  }),
)

test('every command is read back as it was written', () => {
  fc.assert(
    fc.property(command, each => {
      expect(parseCommand(JSON.stringify(each))).toEqual(each)
    }),
  )
})

test('a write is read back as it was written', () => {
  fc.assert(
    fc.property(connection, connection, fc.uint8Array(), (request, to, bytes) => {
      expect(parseCommand(encodeWrite({ request, connection: to, bytes }))).toEqual({
        type: 'write',
        request,
        connection: to,
        bytes,
      })
    }),
  )
})

test.each([
  ['too short to be one', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0), ''],
  ['of no known kind', new Uint8Array(9).fill(7), 'type'],
])('a binary message %s names the field at fault', (_what, message, field) => {
  expect(parseCommand(message)).toEqual({ fault: { field, message: expect.stringMatching(/./) } })
})

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), text => {
      expect(parseCommand(text)).toHaveProperty(['fault', 'field'])
    }),
  )
})

describe('a command that is not understood names the field at fault', () => {
  const faulty: [what: string, command: unknown, field: string][] = [
    ['an unknown type', { type: 'dance' }, 'type'],
    ['no type', { version: 1 }, 'type'],
    ['a type inherited from Object', { type: 'constructor' }, 'type'],
    ['no version', { type: 'hello' }, 'version'],
    ['a version in words', { type: 'hello', version: 'one' }, 'version'],
    ['half a version', { type: 'hello', version: 1.5 }, 'version'],
    ['a negative request', { type: 'ticket', request: -1, lab: 'echo' }, 'request'],
    [
      'a request too large to come back exactly',
      { type: 'ticket', request: 2 ** 53, lab: 'echo' },
      'request',
    ],
    ['no lab', { type: 'ticket', request: 1 }, 'lab'],
    ['a lab that climbs out of its path', { type: 'ticket', request: 1, lab: '../control' }, 'lab'],
    ['a lab of 33 characters', { type: 'ticket', request: 1, lab: 'a'.repeat(33) }, 'lab'],
    ['an ending of another kind', { type: 'end', request: 1, connection: 1, how: 'slam' }, 'how'],
    ['a connection in words', { type: 'end', request: 1, connection: 'one', how: 'fin' }, 'connection'],
    ['a field that nobody asked for', { type: 'hello', version: 1, token: 'x' }, 'token'],
    ['a list', [], 'type'],
    ['null', null, ''],
    ['a number', 7, ''],
  ]
  test.each(faulty)('%s', (_what, value, field) => {
    expect(parseCommand(JSON.stringify(value))).toEqual({
      fault: { field, message: expect.stringMatching(/./) },
    })
  })

  test('text that is not JSON', () => {
    expect(parseCommand('{"type":')).toEqual({ fault: { field: '', message: 'not JSON' } })
  })
})
