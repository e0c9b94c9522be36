import { expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { closingAccount } from '../../../src/wire/closing-account.ts'
import { toldAtClose } from '../../../src/wire/told-at-close.ts'
import { openConnection } from './captured.ts'

const close = (code?: number, reason?: string, maskingKey?: Uint8Array) =>
  encodeFrame({
    opcode: 8,
    payload: encodeClosePayload(code, reason),
    ...(maskingKey && { maskingKey }),
  })
const KEY = Uint8Array.of(1, 2, 3, 4)

test('a connection that goes on has no end to tell of', () => {
  expect(closingAccount(openConnection())).toEqual({
    client: undefined,
    server: undefined,
    first: undefined,
    socket: [],
    over: false,
    hasScript: false,
    told: undefined,
  })
})

test('both Close frames, the ends of the socket and what JavaScript heard are told apart', () => {
  const connection = openConnection()
  connection.addScript({ at: 0, what: 'new', detail: '' })
  connection.addChunk('server', close(1001, '점검'), 3000)
  connection.addChunk('client', close(1001, '', KEY), 4000)
  for (const how of ['server-fin', 'client-fin', 'closed'] as const) connection.addEnding({ at: 5000, how })
  connection.addScript({ at: 6000, what: 'close', detail: 'code 1001 · "점검" · wasClean true' })
  expect(closingAccount(connection)).toMatchObject({
    server: { code: 1001, reason: '점검' },
    client: { code: 1001, reason: '' },
    first: 'server',
    socket: ['server-fin', 'client-fin'],
    over: true,
    hasScript: true,
    told: { code: 1001, reason: '"점검"', wasClean: true },
  })
})

test('a second Close frame of a side changes nothing', () => {
  const connection = openConnection()
  connection.addChunk('client', close(1000, '', KEY), 3000)
  connection.addChunk('client', close(4000, '', KEY), 3500)
  expect(closingAccount(connection)).toMatchObject({ client: { code: 1000 }, first: 'client' })
})

test.each([
  ['code 1006 · wasClean false', { code: 1006, reason: '', wasClean: false }],
  [
    'code 4001 · "a · wasClean true" · wasClean true',
    { code: 4001, reason: '"a · wasClean true"', wasClean: true },
  ],
])('what a close event said is read from %j', (detail, told) => {
  expect(toldAtClose(detail)).toEqual(told)
})

test.each(['', 'code x · wasClean true', '1000'])('%j is no line of a close event', detail => {
  expect(toldAtClose(detail)).toBeUndefined()
})
