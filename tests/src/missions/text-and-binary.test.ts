import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { brokenAndWhole, oneSignTenBytes } from '../../../src/missions/text-and-binary.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

const maskingKey = Uint8Array.of(1, 2, 3, 4)
const utf8 = (text: string) => new TextEncoder().encode(text)

describe('one sign in more than ten bytes', () => {
  const judged = (text: string) => {
    const connection = openConnection()
    clientSays(connection, text)
    return oneSignTenBytes([connection])
  }

  test.each(['👩‍💻', '👨‍👩‍👧‍👦', 'e\u0301\u0301\u0301\u0301\u0301'])('%s passes', text => {
    expect(judged(text)).toEqual({ passed: true })
  })

  test.each([
    ['각'.normalize('NFD'), '9바이트'],
    ['👋', '4바이트'],
    ['안녕하세요', '5개'],
    ['👩‍💻!', '2개'],
  ])('%s does not, and the reader learns why', (text, near) => {
    expect(judged(text)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('what the server says, and what is no text, does not count', () => {
    const connection = openConnection()
    connection.addChunk('client', encodeFrame({ opcode: 2, payload: utf8('👩‍💻'), maskingKey }), 3000)
    serverSays(connection, '👩‍💻')
    expect(oneSignTenBytes([connection])).toEqual({ passed: false })
  })
})

describe('a character cut in two', () => {
  const HAN = utf8('한')
  interface Said {
    readonly opcode: number
    readonly fin?: boolean
    readonly payload: Uint8Array
  }
  function said(...frames: readonly Said[]): CapturedConnection {
    const connection = openConnection()
    for (const frame of frames) connection.addChunk('client', encodeFrame({ ...frame, maskingKey }), 3000)
    return connection
  }
  function refused(code: number, ...frames: readonly Said[]): CapturedConnection {
    const connection = said(...frames)
    connection.addChunk('server', encodeFrame({ opcode: 8, payload: encodeClosePayload(code) }), 4000)
    return connection
  }
  function echoed(text: string, cut: number): CapturedConnection {
    const connection = said(
      { opcode: 1, fin: false, payload: utf8(text).subarray(0, cut) },
      { opcode: 0, payload: utf8(text).subarray(cut) },
    )
    serverSays(connection, text)
    return connection
  }
  const broken = refused(1007, { opcode: 1, payload: HAN.subarray(0, 2) })
  const whole = echoed('한', 2)

  test.each([
    ['first broken', [broken, whole]],
    ['first whole', [whole, broken]],
    ['with something else between', [broken, said({ opcode: 1, payload: HAN }), echoed('가나', 4)]],
  ])('passes %s', (_, connections) => {
    expect(brokenAndWhole(connections)).toEqual({ passed: true })
  })

  test.each([
    ['only broken', [broken], '1007은 보았습니다'],
    ['only whole', [whole], '온전히 돌아왔습니다'],
    ['cut between two characters', [broken, echoed('가나', 3)], '1007은 보았습니다'],
    ['not echoed', [said({ opcode: 1, fin: false, payload: HAN.subarray(0, 2) })], '아직'],
    [
      'refused for another reason',
      [refused(1002, { opcode: 3, payload: HAN }), whole],
      '온전히 돌아왔습니다',
    ],
    ['refused as binary', [refused(1007, { opcode: 2, payload: HAN.subarray(0, 2) }), whole], '온전히'],
  ])('does not pass %s', (_, connections, near) => {
    expect(brokenAndWhole(connections)).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('says nothing before anything was said', () => {
    expect(brokenAndWhole([openConnection()])).toEqual({ passed: false })
  })
})
