import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeFrame } from '#words/frame-line.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import type { Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import { changed, concat, cutAt, head, hex, RFC_REQUEST, RFC_RESPONSE, utf8 } from './bytes.ts'
import { inflate } from './inflate.ts'

const REQUEST = head(RFC_REQUEST)
const RESPONSE = head(RFC_RESPONSE)
const HELLO = encodeFrame({ opcode: 1, payload: utf8('안녕'), maskingKey: hex('01020304') })
const ECHO = encodeFrame({ opcode: 1, payload: utf8('안녕') })
const CLOSE = encodeFrame({ opcode: 8, payload: hex('03e8') })

type Chunk = readonly [from: Role, bytes: Uint8Array]

function traced(chunks: readonly Chunk[]): ConnectionTrace {
  const trace = new ConnectionTrace()
  for (const [i, [from, bytes]] of chunks.entries()) trace.push(from, bytes, i * 10)
  return trace
}

function line(item: TraceItem): string {
  const { kind, from, at, chunks } = item
  const place = `@${at} ${chunks.first}-${chunks.last}`
  if (kind === 'frame') return `${describeFrame(item.frame, from)} ${place}`
  if (kind === 'request') return `request ${item.head.target} ${place}`
  if (kind === 'response') return `response ${item.head.status} ${place}`
  if (kind === 'body') return `${from} body ${item.bytes.length} ${place}`
  return `${from} fault ${item.violation.rule} ${item.bytes.length} ${place}`
}

function bytesOf(item: TraceItem): Uint8Array {
  if (item.kind === 'frame') return item.frame.wire
  return item.kind === 'request' || item.kind === 'response' ? item.head.bytes : item.bytes
}

describe('the trace of a connection', () => {
  it('shows handshake, frames and messages with their time and chunks', () => {
    const trace = traced([
      ['client', REQUEST],
      ['server', RESPONSE],
      ['client', HELLO],
      ['server', ECHO],
      ['server', CLOSE],
    ])
    expect(trace.items.map(line)).toEqual([
      'request /chat @0 0-0',
      'response 101 @10 1-1',
      'client text fin mask len=6 “안녕” @20 2-2',
      'server text fin len=6 “안녕” @30 3-3',
      'server close fin len=2 1000 @40 4-4',
    ])
    expect(trace.items.map(item => (item.kind === 'frame' ? item.message?.text : undefined))).toEqual([
      undefined,
      undefined,
      '안녕',
      '안녕',
      undefined,
    ])
  })

  it('returns from each push what that push completed', () => {
    const trace = new ConnectionTrace()
    expect(trace.push('client', REQUEST.subarray(0, 10), 1)).toEqual([])
    expect(trace.pending('client')).toBe(10)
    expect(trace.push('client', REQUEST.subarray(10), 2).map(line)).toEqual(['request /chat @2 0-1'])
    expect(trace.push('server', concat(RESPONSE, ECHO, CLOSE.subarray(0, 3)), 3)).toHaveLength(2)
    expect(trace.pending('server')).toBe(3)
    expect(trace.push('server', CLOSE.subarray(3), 4).map(line)).toEqual([
      'server close fin len=2 1000 @4 2-3',
    ])
  })

  it('holds frames sent behind the request until the response says that they are frames', () => {
    const trace = new ConnectionTrace()
    expect(trace.push('client', concat(REQUEST, HELLO.subarray(0, 4)), 0)).toHaveLength(1)
    expect(trace.push('client', HELLO.subarray(4), 10)).toEqual([])
    expect(trace.push('server', RESPONSE, 20).map(line)).toEqual([
      'response 101 @20 2-2',
      'client text fin mask len=6 “안녕” @10 0-1',
    ])
  })

  it('shows what follows a refusal as HTTP', () => {
    const refusal = head(['HTTP/1.1 426 Upgrade Required', 'Content-Length: 2'])
    const trace = traced([
      ['client', concat(REQUEST, HELLO)],
      ['server', concat(refusal, utf8('no'))],
      ['client', utf8('x')],
    ])
    expect(trace.items.map(line)).toEqual([
      'request /chat @0 0-0',
      'response 426 @10 1-1',
      `client body ${HELLO.length} @0 0-0`,
      'server body 2 @10 1-1',
      'client body 1 @20 2-2',
    ])
  })

  it('waits through interim responses', () => {
    const trace = traced([
      ['client', REQUEST],
      ['server', concat(head(['HTTP/1.1 103 Early Hints']), RESPONSE, ECHO)],
    ])
    expect(trace.items.map(line).slice(1)).toEqual([
      'response 103 @10 1-1',
      'response 101 @10 1-1',
      'server text fin len=6 “안녕” @10 1-1',
    ])
  })

  it('understands a response that comes before the request is whole', () => {
    const timeout = head(['HTTP/1.1 408 Request Timeout'])
    const trace = traced([
      ['client', REQUEST.subarray(0, 20)],
      ['server', timeout],
      ['client', concat(REQUEST.subarray(20), utf8('more'))],
    ])
    expect(trace.items.map(line)).toEqual([
      'response 408 @10 1-1',
      'request /chat @20 0-2',
      'client body 4 @20 2-2',
    ])
  })

  it('shows a head that cannot be read, and all that follows it, as faults', () => {
    const trace = traced([
      ['client', utf8('GET / HTTP/1.1\nHost: a\n\nmore')],
      ['client', utf8('even more')],
    ])
    expect(trace.items.map(line)).toEqual([
      'client fault head-line-ending 28 @0 0-0',
      'client fault head-line-ending 9 @10 1-1',
    ])
  })

  it.each([
    ['request', 'client', [...RFC_REQUEST, `A: ${'b'.repeat(200)}`]],
    ['response', 'server', [...RFC_RESPONSE, `A: ${'b'.repeat(200)}`]],
  ] as const)('reads no %s longer than the limit, whole or in pieces', (_, from, lines) => {
    const bytes = head(lines)
    const limited = (maxHeadLength: number, cuts: readonly number[]) => {
      const trace = new ConnectionTrace({ maxHeadLength })
      for (const part of cutAt(bytes, cuts)) trace.push(from, part, 0)
      const [first] = trace.items
      return first?.kind === 'fault' ? [first.violation.rule, first.violation.offset] : first?.kind
    }
    for (const cuts of [[], [bytes.length - 1], [3, bytes.length - 4], [...bytes.keys()]]) {
      expect(limited(bytes.length - 1, cuts)).toEqual(['head-too-long', bytes.length - 1])
      expect(limited(300, cuts)).toEqual(['head-too-long', 300])
      expect(limited(bytes.length, cuts)).toBe(from === 'client' ? 'request' : 'response')
    }
  })

  it('shows frames up to one that cannot be parsed, then faults', () => {
    const bad = hex('82 ff ff 00 00 00 00 00 00 00')
    const trace = traced([
      ['client', REQUEST],
      ['server', RESPONSE],
      ['client', concat(HELLO, bad.subarray(0, 5))],
      ['client', bad.subarray(5)],
      ['client', utf8('x')],
    ])
    expect(trace.items.map(line).slice(2)).toEqual([
      'client text fin mask len=6 “안녕” @20 2-2',
      'client fault length-63-bits 10 @30 2-3',
      'client fault length-63-bits 1 @40 4-4',
    ])
  })

  it('inflates compressed messages when it is given something to inflate with', () => {
    const extension = { 'Sec-WebSocket-Extensions': 'permessage-deflate' }
    const wire = encodeFrame({ opcode: 1, rsv1: true, payload: hex('f2 48 cd c9 c9 07 00') })
    const heads: Chunk[] = [
      ['client', head(changed(RFC_REQUEST, extension))],
      ['server', concat(head(changed(RFC_RESPONSE, extension)), wire)],
    ]
    const last = (trace: ConnectionTrace) => {
      for (const [from, bytes] of heads) trace.push(from, bytes, 0)
      const item = trace.items.at(-1)
      return item?.kind === 'frame' ? item : undefined
    }
    const inflating = last(new ConnectionTrace({ inflate }))
    expect(inflating?.message).toMatchObject({ kind: 'text', text: 'Hello', wireLength: 7, compressed: true })
    const plain = last(new ConnectionTrace())
    expect(plain?.violations).toEqual([])
    expect(plain?.message).toMatchObject({
      kind: 'text',
      payload: hex('f2 48 cd c9 c9 07 00'),
      compressed: true,
    })
    expect(plain?.message?.text).toBeUndefined()
  })

  it('keeps no items for who does not want them kept, and returns the same', () => {
    const chunks: Chunk[] = [
      ['client', concat(REQUEST, HELLO)],
      ['server', concat(RESPONSE, ECHO, CLOSE)],
    ]
    const keeping = new ConnectionTrace()
    const lean = new ConnectionTrace({ keepItems: false })
    const returned = chunks.flatMap(([from, bytes], i) => lean.push(from, bytes, i))
    for (const [i, [from, bytes]] of chunks.entries()) keeping.push(from, bytes, i)
    expect(lean.items).toEqual([])
    expect(returned).toEqual(keeping.items)
    expect(returned).toHaveLength(5)
  })

  it('gives up on a client that does not wait for the response, beyond its limit', () => {
    const trace = new ConnectionTrace({ maxLength: 100 })
    trace.push('client', REQUEST, 0)
    expect(trace.push('client', new Uint8Array(100), 1)).toEqual([])
    expect(trace.push('client', new Uint8Array(1), 2).map(line)).toEqual([
      'client fault data-before-response 101 @2 1-2',
    ])
    expect(trace.pending('client')).toBe(0)
    expect(trace.push('server', concat(RESPONSE, ECHO), 3)).toHaveLength(2)
    expect(trace.push('client', HELLO, 4).map(line)).toEqual([
      `client fault data-before-response ${HELLO.length} @4 4-4`,
    ])
  })

  it('places many early frames in many chunks, and what follows them', () => {
    const early = encodeFrame({ opcode: 9, maskingKey: hex('01020304') })
    const chunks: Chunk[] = [['client', REQUEST]]
    for (let i = 0; i < 20_000; i++) for (const byte of early) chunks.push(['client', Uint8Array.of(byte)])
    chunks.push(['client', HELLO.subarray(0, 1)], ['server', RESPONSE], ['client', HELLO.subarray(1)])
    const trace = traced(chunks)
    expect(trace.items).toHaveLength(2 + 20_000 + 1)
    expect(
      trace.items.slice(2).every((item, i) => item.chunks.first === (i < 20_000 ? 1 + 6 * i : 120_001)),
    ).toBe(true)
    expect(trace.items.at(-2)?.chunks).toEqual({ first: 119_995, last: 120_000 })
    expect(trace.items.at(-1)?.chunks).toEqual({ first: 120_001, last: 120_003 })
  })

  it('reads a hundred thousand interim responses in one chunk', () => {
    const interim = Buffer.from('HTTP/1.1 103\r\n\r\n'.repeat(100_000))
    const trace = traced([
      ['client', REQUEST],
      ['server', concat(interim, RESPONSE, ECHO)],
    ])
    expect(trace.items).toHaveLength(100_003)
    expect(trace.items.slice(-2).map(line)).toEqual([
      'response 101 @10 1-1',
      'server text fin len=6 “안녕” @10 1-1',
    ])
  })

  it('takes a frame in a million chunks in its stride', () => {
    const trace = traced([
      ['client', REQUEST],
      ['server', RESPONSE],
    ])
    const wire = encodeFrame({ opcode: 2, payload: new Uint8Array(1_000_000) })
    for (let i = 0; i < wire.length; i++) trace.push('server', wire.subarray(i, i + 1), i)
    expect(trace.items.map(line).at(-1)).toMatch(`@${wire.length - 1} 2-${wire.length + 1}`)
  })

  it('is the same for any cutting of each direction, and puts every byte in one item', () => {
    const clientBytes = concat(REQUEST, HELLO, HELLO, encodeFrame({ opcode: 8, maskingKey: hex('09090909') }))
    const serverBytes = concat(
      RESPONSE,
      ECHO,
      encodeFrame({ opcode: 2, payload: new Uint8Array(300) }),
      CLOSE,
    )
    const whole = traced([
      ['client', clientBytes],
      ['server', serverBytes],
    ])
    const of = (trace: ConnectionTrace, from: Role) => trace.items.filter(item => item.from === from)
    const cuts = fc.array(fc.nat({ max: 500 }))
    fc.assert(
      fc.property(cuts, cuts, fc.infiniteStream(fc.boolean()), (clientCuts, serverCuts, order) => {
        const within = (cut: number, bytes: Uint8Array) => Math.min(cut, bytes.length)
        const queues = {
          client: cutAt(
            clientBytes,
            clientCuts.map(cut => within(cut, clientBytes)),
          ),
          server: cutAt(
            serverBytes,
            serverCuts.map(cut => within(cut, serverBytes)),
          ),
        }
        const trace = new ConnectionTrace()
        const pushed: Chunk[] = []
        const returned: TraceItem[] = []
        while (queues.client.length + queues.server.length > 0) {
          const wanted: Role = order.next().value ? 'client' : 'server'
          const from = queues[wanted].length > 0 ? wanted : wanted === 'client' ? 'server' : 'client'
          const bytes = queues[from].shift() ?? hex('')
          pushed.push([from, bytes])
          returned.push(...trace.push(from, bytes, pushed.length - 1))
        }
        expect(returned).toEqual(trace.items)
        for (const from of ['client', 'server'] as const) {
          const items = of(trace, from)
          expect(
            Buffer.from(concat(...items.map(bytesOf))).equals(from === 'client' ? clientBytes : serverBytes),
          ).toBe(true)
          expect(items.map(item => line(item).replace(/ @.*/, ''))).toEqual(
            of(whole, from).map(item => line(item).replace(/ @.*/, '')),
          )
          // The chunks an item names hold its first and its last byte.
          let offset = 0
          for (const item of items) {
            const end = offset + bytesOf(item).length
            expect(item.chunks).toEqual({
              first: chunkOf(pushed, from, offset),
              last: chunkOf(pushed, from, end - 1),
            })
            expect(item.at).toBe(item.chunks.last)
            offset = end
          }
        }
      }),
    )
  })
})

/** Index of the chunk with that byte of a direction. */
function chunkOf(chunks: readonly Chunk[], from: Role, offset: number): number {
  let before = 0
  return chunks.findIndex(([sender, bytes]) => {
    if (sender === from) before += bytes.length
    return sender === from && before > offset
  })
}
