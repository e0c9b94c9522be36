import { describe, expect, test } from 'vitest'
import { MAX_WRITE_BYTES } from '#contract/write.ts'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import type { Role } from '#protocol/role.ts'
import { Player } from '../../../../src/inspector/sources/player.ts'
import { traced, utf8, type Said } from '../traced.ts'

/** A player, and what it did in order. */
function player(role: Role) {
  const did: string[] = []
  const written: Uint8Array[] = []
  const wire = {
    write(bytes: Uint8Array) {
      written.push(bytes)
      for (const { frame, violations } of new FrameStream(role).push(bytes).frames)
        did.push(`${frame.opcode}:${new TextDecoder('latin1').decode(frame.payload)}:${violations.length}`)
    },
    end: (how: string) => did.push(how),
  }
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  return { player: new Player(role, wire, random), did, written }
}

const heard = (said: Said) => traced(said).slice(2)

describe('a played end', () => {
  test('answers a ping with a pong of the same payload, masked when it is a client', () => {
    for (const role of ['client', 'server'] as const) {
      const { player: played, did } = player(role)
      played.answer(heard({ from: role === 'client' ? 'server' : 'client', opcode: 9, payload: utf8('hi') }))
      expect(did).toEqual(['10:hi:0'])
    }
  })

  test('answers a Close once with its code, and as a server closes TCP', () => {
    const { player: client, did } = player('client')
    client.answer(heard({ from: 'server', opcode: 8, payload: encodeClosePayload(1001, 'bye') }))
    expect(did).toEqual(['8:\x03\xe9:0'])
    const { player: server, did: serverDid } = player('server')
    server.answer(heard({ from: 'client', opcode: 8 }))
    expect(serverDid).toEqual(['8::0', 'fin'])
  })

  test('that said Close first takes the answer for the end', () => {
    const { player: server, did } = player('server')
    server.say({ opcode: 8, payload: encodeClosePayload(4000) })
    server.answer(heard({ from: 'client', opcode: 8, payload: encodeClosePayload(4000) }))
    expect(did).toEqual(['8:\x0f\xa0:0', 'fin'])
  })

  test('answers nothing when that is wanted, and never itself', () => {
    const { player: played, did } = player('server')
    played.answer(heard({ from: 'server', opcode: 9 }))
    played.answers = false
    played.answer(heard({ from: 'client', opcode: 9 }))
    played.answerFin()
    expect(did).toEqual([])
  })

  test('writes what breaks rules as it is, and long bytes in as many writes as they need', () => {
    const { player: played, did, written } = player('client')
    played.say({ opcode: 3, rsv2: true, payload: utf8('x') })
    expect(did[0]).toMatch(/^3:x:[1-9]/)
    played.write([new Uint8Array(MAX_WRITE_BYTES), new Uint8Array(5)])
    expect(written.slice(1).map(bytes => bytes.length)).toEqual([MAX_WRITE_BYTES, 5])
  })
})
