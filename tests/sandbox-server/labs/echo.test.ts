import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type WebSocket from 'ws'
import type { RawData } from 'ws'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { handshake, openLab } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'
import { TcpClient } from '../support/tcp-client.ts'

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

async function open(port: number, protocols: string[] = []): Promise<WebSocket> {
  const client = openLab(port, undefined, {}, protocols)
  await once(client, 'open')
  return client
}

async function answerTo(
  client: WebSocket,
  message: string | Uint8Array,
): Promise<{ data: RawData; isBinary: boolean }> {
  const answer = new Promise<{ data: RawData; isBinary: boolean }>(resolve =>
    client.once('message', (data, isBinary) => resolve({ data, isBinary })),
  )
  client.send(message)
  return answer
}

describe('the echo', () => {
  test('sends text back as text', async () => {
    const client = await open((await runSandbox()).port)
    for (const text of ['', '안녕하세요', '👋🏽', '\0', 'a'.repeat(65_536)])
      expect(await answerTo(client, text)).toEqual({ data: Buffer.from(text), isBinary: false })
  })

  test.each([0, 1, 125, 126, 127, 65_535, 65_536])('sends %i bytes back as bytes', async length => {
    const client = await open((await runSandbox()).port)
    const bytes = Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7) % 256))
    expect(await answerTo(client, bytes)).toEqual({ data: bytes, isBinary: true })
  })

  test('keeps the order of messages', async () => {
    const client = await open((await runSandbox({ limits: { messageBurst: 500 } })).port)
    const texts = Array.from({ length: 500 }, (_, i) => `${i}`)
    const got: string[] = []
    const all = new Promise<void>(resolve =>
      client.on('message', (data: Buffer) => {
        if (got.push(data.toString()) === texts.length) resolve()
      }),
    )
    for (const text of texts) client.send(text)
    await all
    expect(got).toEqual(texts)
  })

  test("answers a ping with its payload, and a close with the client's code", async () => {
    const client = await open((await runSandbox()).port)
    const pong = once(client, 'pong')
    client.ping('살아 있나요?')
    expect(String((await pong)[0])).toBe('살아 있나요?')
    client.close(4321, '안녕히')
    expect((await once(client, 'close'))[0]).toBe(4321)
  })

  test('answers a hundred pings at once', async () => {
    const client = await open((await runSandbox()).port)
    const pongs: string[] = []
    client.on('pong', (data: Buffer) => pongs.push(data.toString()))
    const numbers = Array.from({ length: 100 }, (_, i) => `${i}`)
    for (const number of numbers) client.ping(number)
    await answerTo(client, 'the last of all')
    expect(pongs).toEqual(numbers)
  })

  test('offers no extension', async () => {
    const client = await open((await runSandbox()).port)
    expect(client.extensions).toBe('')
  })

  test("is reached by the platform's own WebSocket too", async () => {
    const { port } = await runSandbox()
    const client = new globalThis.WebSocket(`ws://127.0.0.1:${port}/lab/echo`, ['anatomy.v1'])
    await once(client, 'open')
    const answer = once(client, 'message')
    client.send('안녕')
    const [event] = (await answer) as [MessageEvent<unknown>]
    expect([client.protocol, event.data]).toEqual(['anatomy.v1', '안녕'])
    client.close(1000)
    const [closed] = (await once(client, 'close')) as [CloseEvent]
    expect([closed.code, closed.wasClean]).toEqual([1000, true])
  })
})

describe('of the subprotocols a client offers', () => {
  test.each([
    [['anatomy.v1', 'anatomy.v2'], 'anatomy.v2'],
    [['other', 'anatomy.v1'], 'anatomy.v1'],
  ])('%j the server takes the one it likes best', async (offered, taken) => {
    const client = await open((await runSandbox()).port, offered)
    expect(client.protocol).toBe(taken)
  })

  test.each([undefined, 'other', 'ANATOMY.V2'])('%j it takes none and says so by silence', async offered => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write(handshake(port, { 'Sec-WebSocket-Protocol': offered }))
    await client.until('\r\n\r\n')
    expect(client.text).toMatch(/^HTTP\/1\.1 101 /)
    expect(client.text.toLowerCase()).not.toContain('sec-websocket-protocol')
    client.end()
  })
})

describe('what breaks the rules is answered with a Close', () => {
  const text = (payload: string, more: object = {}) =>
    encodeFrame({ opcode: OPCODES.text, payload: Buffer.from(payload), maskingKey: KEY, ...more })
  const binary = (length: number) =>
    encodeFrame({ opcode: OPCODES.binary, payload: new Uint8Array(length), maskingKey: KEY })
  const fragments = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      encodeFrame({
        opcode: i === 0 ? OPCODES.text : OPCODES.continuation,
        fin: i === count - 1,
        payload: Buffer.from('x'),
        maskingKey: KEY,
      }),
    )

  test.each<[what: string, code: number, bytes: Uint8Array]>([
    ['an unmasked frame', 1002, text('hi', { maskingKey: undefined })],
    ['a reserved bit', 1002, text('hi', { rsv1: true })],
    ['a reserved opcode', 1002, encodeFrame({ opcode: 3, maskingKey: KEY })],
    ['a fragmented ping', 1002, encodeFrame({ opcode: OPCODES.ping, fin: false, maskingKey: KEY })],
    ['a continuation of nothing', 1002, encodeFrame({ opcode: OPCODES.continuation, maskingKey: KEY })],
    [
      'text that is not UTF-8',
      1007,
      encodeFrame({ opcode: OPCODES.text, payload: Uint8Array.of(0xff), maskingKey: KEY }),
    ],
    ['a message of 64 KiB and one byte', 1009, binary(64 * 1024 + 1)],
    [
      'a length of 2^52',
      1009,
      encodeFrame({ opcode: OPCODES.binary, maskingKey: KEY, lengthForm: 64, declaredLength: 2n ** 52n }),
    ],
    ['a length of two bytes in 16 bits', 1002, text('hi', { lengthForm: 16 })],
    ['a length of 126 bytes in 64 bits', 1002, text('x'.repeat(126), { lengthForm: 64 })],
    [
      'a length of 2^63',
      1002,
      encodeFrame({
        ...{ opcode: OPCODES.binary, maskingKey: KEY },
        lengthForm: 64,
        declaredLength: 2n ** 63n,
      }),
    ],
    ['a message of 257 frames', 1008, Buffer.concat(fragments(257))],
    [
      'a close code that is never sent',
      1002,
      encodeFrame({ opcode: OPCODES.close, payload: Uint8Array.of(0x03, 0xed), maskingKey: KEY }),
    ],
  ])('%s: %i', async (_what, code, bytes) => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write(handshake(port))
    await client.until('\r\n\r\n')
    const head = client.read.indexOf('\r\n\r\n') + 4
    client.write(bytes)
    await client.rest()
    const frames = new FrameParser().push(client.read.subarray(head))
    expect(frames.map(frame => frame.opcode)).toEqual([OPCODES.close])
    expect(Buffer.from(frames[0]?.payload ?? []).readUInt16BE()).toBe(code)
  })

  test('after what came before it was answered, in the same write, cut anywhere', async () => {
    const { port } = await runSandbox()
    const wire = Buffer.concat([text('good'), text('bad', { lengthForm: 16 })])
    for (let cut = 1; cut < wire.length; cut++) {
      const client = new TcpClient(port).write(handshake(port))
      await client.until('\r\n\r\n')
      const head = client.read.indexOf('\r\n\r\n') + 4
      client.write(wire.subarray(0, cut)).write(wire.subarray(cut))
      await client.rest()
      const [echo, close] = new FrameParser().push(client.read.subarray(head))
      expect(Buffer.from(echo?.payload ?? []).toString()).toBe('good')
      expect(Buffer.from(close?.payload ?? []).toString('utf8', 2)).toBe('Minimal length (RFC 6455 §5.2)')
    }
  })

  test('also when it came in one write with the handshake', async () => {
    const { port } = await runSandbox()
    const bad = text('bad', { lengthForm: 64 })
    const client = new TcpClient(port).write(Buffer.concat([Buffer.from(handshake(port)), bad]))
    await client.until('Minimal length')
    expect(client.text).toMatch(/^HTTP\/1\.1 101 /)
    client.end()
  })

  test('but a message of 256 frames is one like any other', async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write(handshake(port))
    client.write(Buffer.concat(fragments(256)))
    await client.until('x'.repeat(256))
    expect(client.text).toMatch(/x{256}$/)
    client.end()
  })
})
