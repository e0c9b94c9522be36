import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { stateBrought, stateLost } from '../../../src/missions/weaknesses.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

/** A connection on which the server counted from one number to another, and how it ended. */
function counted(from: number, to: number, closeCode?: number): CapturedConnection {
  const connection = openConnection()
  for (let number = from; number <= to; number++) {
    clientSays(connection, '말')
    serverSays(connection, `${number}번째 말입니다`)
  }
  if (closeCode !== undefined)
    connection.addChunk('server', encodeFrame({ opcode: 0x8, payload: encodeClosePayload(closeCode) }), 9000)
  return connection
}

describe('a server that has forgotten', () => {
  test('passes when it had counted three, was started again and begins at one', () => {
    expect(stateLost([counted(1, 3, 1012), counted(1, 1)])).toEqual({ passed: true })
    expect(stateLost([counted(1, 1, 1012), counted(1, 5, 1012), counted(1, 1)])).toEqual({ passed: true })
  })

  test.each([
    ['counted too little', [counted(1, 2, 1012), counted(1, 1)], '2번째에서'],
    ['not asked afterwards', [counted(1, 3, 1012)], '다시 연결해서'],
    ['told where it was', [counted(1, 3, 1012), counted(4, 4)], '4번째부터'],
  ])('%s does not pass', (_name, connections, near) => {
    expect(stateLost(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('never started again does not pass', () => {
    expect(stateLost([])).toEqual({ passed: false })
    expect(stateLost([counted(1, 3, 1000), counted(1, 1)])).toEqual({ passed: false })
  })
})

describe('what the client brings', () => {
  test('passes when the server goes on behind the last', () => {
    expect(stateBrought([counted(1, 2, 1012), counted(3, 3)])).toEqual({ passed: true })
  })

  test.each([
    ['not brought', [counted(1, 2, 1012), counted(1, 1)], '2번째 다음이 1번째'],
    ['wrong', [counted(1, 2, 1012), counted(8, 8)], '2번째 다음이 8번째'],
    ['not asked for', [counted(1, 2, 1012), openConnection()], '다시 연결해서'],
  ])('%s does not pass', (_name, connections, near) => {
    expect(stateBrought(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('with nothing counted does not pass', () => {
    expect(stateBrought([])).toEqual({ passed: false })
    expect(stateBrought([counted(1, 0, 1012), counted(1, 1)])).toEqual({ passed: false })
  })
})
