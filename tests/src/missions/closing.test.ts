import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import type { Role } from '#protocol/role.ts'
import { serverVerdicts, silent1006 } from '../../../src/missions/closing.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection } from '../wire/captured.ts'

const KEY = Uint8Array.of(1, 2, 3, 4)

function says(connection: CapturedConnection, from: Role, code?: number): CapturedConnection {
  const masked = from === 'client' ? { maskingKey: KEY } : {}
  connection.addChunk(from, encodeFrame({ opcode: 8, payload: encodeClosePayload(code), ...masked }), 3000)
  return connection
}

/** A raw client's connection that the server ended with that code. */
const ended = (code: number) => says(openConnection(), 'server', code)

describe('the three verdicts of the server', () => {
  test('pass when each was heard on a connection of a raw client, in any order', () => {
    expect(serverVerdicts([ended(1009), ended(1000), ended(1002), ended(1007)])).toEqual({ passed: true })
  })

  test.each([
    ['only two of them', [ended(1002), ended(1007)], '1009'],
    ['another code', [ended(1000)], '1000'],
    ['the codes said by the client', [says(openConnection(), 'client', 1002)], undefined],
    [
      'the codes that the server only gave back',
      [1002, 1007, 1009].map(code => says(says(openConnection(), 'client', code), 'server', code)),
      '되돌렸습니다',
    ],
  ])('%s does not pass', (_name, connections, near) => {
    const verdict = serverVerdicts(connections)
    expect(verdict.passed).toBe(false)
    if (near !== undefined) expect(verdict).toMatchObject({ near: expect.stringContaining(near) })
  })

  test('said to the browser by the page itself they do not count', () => {
    const connections = [1002, 1007, 1009].map(code => {
      const connection = ended(code)
      connection.addScript({ at: 0, what: 'new', detail: '' })
      return connection
    })
    expect(serverVerdicts(connections).passed).toBe(false)
  })
})

/** A browser's connection whose JavaScript was told that at its end. */
function told(connection: CapturedConnection, code: number, opened = true, over = true): CapturedConnection {
  connection.addScript({ at: 0, what: 'new', detail: '' })
  if (opened) connection.addScript({ at: 2500, what: 'open', detail: '' })
  connection.addScript({ at: 5000, what: 'close', detail: `code ${code} · wasClean ${code !== 1006}` })
  if (over) connection.addEnding({ at: 5500, how: 'closed' })
  return connection
}

describe('a 1006 that nobody sent', () => {
  test('passes when no Close frame crossed', () => {
    expect(silent1006([told(openConnection(), 1006)])).toEqual({ passed: true })
  })

  test.each([
    [
      'a 1006 that the server wrote',
      told(says(openConnection(), 'server', 1006), 1006),
      '서버가 종료 프레임',
    ],
    [
      'a browser that waited in vain',
      told(says(openConnection(), 'client', 1000), 1006),
      '브라우저가 종료 프레임',
    ],
    ['a clean end', told(says(openConnection(), 'server', 1000), 1000), '1000'],
    ['a connection that never opened', told(openConnection(), 1006, false), '열린 연결'],
  ])('%s does not pass, and the reader learns why', (_name, connection, near) => {
    expect(silent1006([connection])).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('what JavaScript heard does not pass before all that crossed is known', () => {
    expect(silent1006([told(openConnection(), 1006, true, false)])).toEqual({ passed: false })
  })

  test('a connection that is still open does not pass', () => {
    expect(silent1006([openConnection()])).toEqual({ passed: false })
  })
})
