import { describe, expect, test } from 'vitest'
import { headInTwoReads, threeInOneRead } from '../../../src/missions/tcp-is-not-frames.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection, serverSays, textFrame } from '../wire/captured.ts'

const maskingKey = (n: number) => Uint8Array.of(9, 8, 7, n)

/** What the client writes in these reads, then what the server sends back. */
function read(reads: readonly Uint8Array[], ...echoes: readonly string[]): CapturedConnection {
  const connection = openConnection()
  for (const bytes of reads) connection.addChunk('client', bytes, 3000)
  for (const text of echoes) serverSays(connection, text)
  return connection
}
const joined = (...frames: readonly Uint8Array[]) => Uint8Array.from(frames.flatMap(frame => [...frame]))
const cutAt = (bytes: Uint8Array, ...places: readonly number[]) =>
  [0, ...places].map((place, index) => bytes.subarray(place, places[index]))
const HI = textFrame('안녕', maskingKey(1))
const A = textFrame('하나', maskingKey(2))
const B = textFrame('둘', maskingKey(3))
const C = textFrame('셋', maskingKey(4))

describe('a head in two reads', () => {
  test.each([
    ['cut behind its first byte', cutAt(HI, 1)],
    ['cut in its masking key', cutAt(HI, 4)],
    ['byte by byte', cutAt(HI, ...Array.from({ length: HI.length - 1 }, (_, index) => index + 1))],
    ['of the second frame of a read', cutAt(joined(A, HI), A.length + 1)],
  ])('passes %s', (_, reads) => {
    expect(headInTwoReads([read(reads, '안녕')])).toEqual({ passed: true })
  })

  test.each([
    ['cut between head and payload', cutAt(HI, 6), ['안녕'], '한 번에 읽혔습니다'],
    ['cut in the payload', cutAt(HI, 8), ['안녕'], '한 번에 읽혔습니다'],
    ['cut between two frames', cutAt(joined(A, HI), A.length), ['하나', '안녕'], '한 번에 읽혔습니다'],
    ['not echoed', cutAt(HI, 1), [], '메아리를 기다립니다'],
    ['another message echoed', cutAt(HI, 1), ['하나'], '메아리를 기다립니다'],
  ])('does not pass %s', (_, reads, echoes, near) => {
    expect(headInTwoReads([read(reads, ...echoes)])).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('does not pass while the frame is not whole', () => {
    expect(headInTwoReads([read([HI.subarray(0, 1), HI.subarray(1, 9)])])).toEqual({ passed: false })
  })
})

describe('three messages in one read', () => {
  test.each([
    ['alone', [joined(A, B, C)]],
    ['after others', [HI, joined(A, B, C)]],
  ])('pass %s', (_, reads) => {
    expect(threeInOneRead([read(reads)])).toEqual({ passed: true })
  })

  test.each([
    ['a read each', [A, B, C], '1개'],
    ['two in one', [joined(A, B), C], '2개'],
    ['three, the last cut short', cutAt(joined(A, B, C), joined(A, B, C).length - 1), '2개'],
    [
      'one, byte by byte',
      cutAt(HI, ...Array.from({ length: HI.length - 1 }, (_, index) => index + 1)),
      '아직 없습니다',
    ],
  ])('do not pass: %s', (_, reads, near) => {
    expect(threeInOneRead([read(reads)])).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('do not pass for what the server sends', () => {
    const connection = openConnection()
    connection.addChunk('server', joined(textFrame('a'), textFrame('b'), textFrame('c')), 3000)
    expect(threeInOneRead([connection])).toEqual({ passed: false })
  })
})
