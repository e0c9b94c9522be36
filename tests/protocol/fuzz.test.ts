import { describe, expect, it } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameParser, ProtocolViolation } from '#protocol/frame-parser.ts'
import { layoutFrame } from '#words/frame-layout.ts'
import { describeFrame } from '#words/frame-line.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { layoutHead } from '#words/head-layout.ts'
import { HeadError, headLength, parseRequestHead, parseResponseHead } from '#protocol/http-head.ts'
import { checkRequest, checkResponse } from '#protocol/handshake.ts'
import { refusalOf } from '#protocol/refusal.ts'
import { parseExtensions } from '#protocol/extensions.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { concat, head, hex, request, RFC_REQUEST, RFC_RESPONSE, utf8 } from './bytes.ts'
import { deflateMessage, inflate } from './inflate.ts'

/** Numbers that look random and are the same in every run (xorshift32). */
function random(seed: number): (below: number) => number {
  let state = seed | 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const LIMIT = 4096
const CONTEXTS = { serverNoContextTakeover: false, clientNoContextTakeover: false }

/** Good bytes of a sender: every kind of frame, long and short, fragmented, compressed. */
function goodStream(sender: Role): Uint8Array {
  const frames = [
    { opcode: 1, payload: utf8('안녕하세요') },
    { opcode: 1, rsv1: true, payload: deflateMessage(utf8('프레임 프레임 프레임')) },
    { opcode: 2, payload: new Uint8Array(300), fin: false },
    { opcode: 9, payload: utf8('?') },
    { opcode: 0, payload: new Uint8Array(20) },
    { opcode: 2, payload: new Uint8Array(1000), lengthForm: 64 as const },
    { opcode: 10 },
    { opcode: 8, payload: hex('03e8 ec9588') },
  ]
  const mask = (i: number) => (sender === 'client' ? { maskingKey: Uint8Array.of(i, 2, 3, 4) } : {})
  return concat(...frames.map((frame, i) => encodeFrame({ ...frame, ...mask(i) })))
}

/** Changes, cuts out, doubles or replaces bytes here and there. */
function mutate(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let mutated: Uint8Array = bytes.slice()
  for (let times = next(4); times >= 0; times--) {
    const at = next(mutated.length + 1)
    const kind = next(5)
    if (kind === 0) mutated[at] = next(256)
    else if (kind === 1) mutated[at] = (mutated[at] ?? 0) ^ (1 << next(8))
    else if (kind === 2) mutated = concat(mutated.subarray(0, at), mutated.subarray(at + next(20)))
    else if (kind === 3)
      mutated = concat(mutated.subarray(0, at), mutated.subarray(Math.max(0, at - next(20))))
    else
      mutated = concat(
        mutated.subarray(0, at),
        Uint8Array.from({ length: next(20) }, () => next(256)),
        mutated.subarray(at),
      )
  }
  return mutated
}

/** Pushes bytes in random chunks; gives back how many were pushed. */
function pushed(
  bytes: Uint8Array,
  next: (below: number) => number,
  push: (chunk: Uint8Array) => void,
): number {
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + next(next(8) === 0 ? bytes.length : 40)
    push(bytes.subarray(at, end))
    at = end
  }
  return bytes.length
}

describe('ten million bytes, random or mutated,', () => {
  it.each(ROLES)(
    'from a %s never throw anything but violations, loop, or hold more than the limits',
    { timeout: 60_000 },
    sender => {
      const next = random(0x5eed + sender.length)
      const good = goodStream(sender)
      let total = 0
      let frames = 0
      let faults = 0
      let broken = 0
      while (total < 4_000_000) {
        const bytes =
          next(4) === 0 ? Uint8Array.from({ length: 1 + next(2000) }, () => next(256)) : mutate(good, next)
        const stream = new FrameStream(sender, {
          maxLength: LIMIT,
          deflate: { parameters: CONTEXTS, inflate },
        })
        let seen = 0
        total += pushed(bytes, next, chunk => {
          const result = stream.push(chunk)
          for (const { frame, violations, message } of result.frames) {
            frames++
            broken += violations.length
            seen += frame.wire.length
            if (message && message.payload.length > LIMIT) expect.unreachable('a message above the limit')
            if (frame.payload.length !== frame.payloadLength)
              expect.unreachable('a payload of another length')
            if (next(16) === 0) {
              describeFrame(frame, sender)
              if (layoutFrame(frame).at(-1)?.end !== frame.wire.length)
                expect.unreachable('a layout that ends early')
            }
          }
          if (result.fault) faults++
          if (stream.pending > LIMIT + 14) expect.unreachable(`${stream.pending} bytes held`)
        })
        if (seen > bytes.length) expect.unreachable('more bytes in frames than were pushed')
      }
      expect([frames, faults, broken].every(count => count > 1000)).toBe(true)
    },
  )

  it('given to the parser alone do the same', () => {
    const next = random(99)
    const good = goodStream('client')
    let violations = 0
    for (let total = 0; total < 1_000_000;) {
      const parser = new FrameParser({ maxPayloadLength: LIMIT, keepWire: false })
      total += pushed(mutate(good, next), next, chunk => {
        try {
          parser.push(chunk)
        } catch (error) {
          if (!(error instanceof ProtocolViolation)) throw error
          violations++
        }
      })
    }
    expect(violations).toBeGreaterThan(100)
  })

  it('given to the readers of heads give a head or a HeadError', { timeout: 60_000 }, () => {
    const next = random(7)
    const extra = [
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x; y="z"',
      'X:  \t',
      'Cookie: a=b',
      'constructor: a',
    ]
    const goodRequest = head([...RFC_REQUEST, ...extra])
    const goodResponse = head([...RFC_RESPONSE, ...extra])
    const asked = request()
    let errors = 0
    let heads = 0
    for (let total = 0; total < 1_000_000;) {
      const client = next(2) === 0
      const bytes = mutate(client ? goodRequest : goodResponse, next)
      total += bytes.length
      const length = headLength(bytes)
      const whole = bytes.subarray(0, length)
      try {
        const parsed = client ? parseRequestHead(whole) : parseResponseHead(whole)
        if (layoutHead(parsed).at(-1)?.end !== whole.length) expect.unreachable('a layout that ends early')
        if (parsed.kind === 'request') refusalOf(checkRequest(parsed))
        else checkResponse(parsed, asked)
        parseExtensions(Buffer.from(whole).toString('latin1'))
        heads++
      } catch (error) {
        if (!(error instanceof HeadError)) throw error
        if (error.offset < 0 || error.offset > whole.length) expect.unreachable(`offset ${error.offset}`)
        errors++
      }
    }
    expect([errors, heads].every(count => count > 100)).toBe(true)
  })

  it('given to a trace all end up in an item or are still held', { timeout: 60_000 }, () => {
    const next = random(42)
    const streams = {
      client: concat(head(RFC_REQUEST), goodStream('client')),
      server: concat(head(RFC_RESPONSE), goodStream('server')),
    }
    let items = 0
    for (let total = 0; total < 1_500_000;) {
      const trace = new ConnectionTrace({ inflate, maxHeadLength: LIMIT, maxLength: LIMIT })
      const lengths = { client: 0, server: 0 }
      for (const from of ROLES) {
        const bytes = next(3) === 0 ? streams[from] : mutate(streams[from], next)
        lengths[from] = bytes.length
        total += pushed(bytes, next, chunk => trace.push(from, chunk, 0))
      }
      items += trace.items.length
      const inItems = { client: 0, server: 0 }
      for (const item of trace.items)
        inItems[item.from] +=
          item.kind === 'frame'
            ? item.frame.wire.length
            : item.kind === 'request' || item.kind === 'response'
              ? item.head.bytes.length
              : item.bytes.length
      for (const from of ROLES) {
        if (inItems[from] + trace.pending(from) !== lengths[from]) expect.unreachable('bytes got lost')
        if (trace.pending(from) > LIMIT + 14) expect.unreachable(`${trace.pending(from)} bytes held`)
      }
    }
    expect(items).toBeGreaterThan(1000)
  })
})
