import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { SocketEnding } from '#contract/events.ts'
import type { Role } from '#protocol/role.ts'
import { TapSocket, type TapOptions, type TapSink } from '../../sandbox-server/tap.ts'
import { handshake } from './support/page.ts'
import { eventually } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

/** Keeps what a tap reports. */
class Recorder implements TapSink {
  readonly chunks: { from: Role; bytes: Buffer; at: number }[] = []
  readonly endings: SocketEnding[] = []

  chunk(from: Role, bytes: Uint8Array, at: number): void {
    this.chunks.push({ from, bytes: Buffer.from(bytes), at })
  }

  ending(how: SocketEnding): void {
    this.endings.push(how)
  }

  bytes(from: Role): Buffer {
    return Buffer.concat(this.chunks.flatMap(chunk => (chunk.from === from ? [chunk.bytes] : [])))
  }
}

interface Tapped {
  readonly port: number
  /** Recorder and tap of the n-th connection, once it is there. */
  connection(index?: number): Promise<{ recorder: Recorder; tap: TapSocket }>
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const options = { writableHighWaterMark: 16 * 1024, lingerMs: 200 }

/** Taps every connection of a server and hands the tap on. */
async function tapping(handle: (tap: TapSocket) => void, more: Partial<TapOptions> = {}): Promise<Tapped> {
  const connections: { recorder: Recorder; tap: TapSocket }[] = []
  const server = createServer({ allowHalfOpen: true }, raw => {
    const recorder = new Recorder()
    const clock = () => performance.now() * 1000
    const tap = new TapSocket(raw, { clock, sink: recorder, ...options, ...more })
    connections.push({ recorder, tap })
    handle(tap)
  })
  onTestFinished(() => {
    for (const { tap } of connections) tap.destroy()
    server.close()
  })
  return {
    port: await listen(server),
    async connection(index = 0) {
      await eventually(() => connections.length > index)
      const found = connections[index]
      if (!found) throw new Error('no connection')
      return found
    },
  }
}

/** An HTTP server with a correct echo endpoint at every path, all of it behind taps. */
async function tappedEcho(): Promise<Tapped> {
  const http = createHttp({ maxHeaderSize: 8 * 1024 }, (_request, response) => response.end('page'))
  http.on('clientError', (_error, socket) => {
    if (!socket.writable) return
    socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    if (socket instanceof TapSocket) socket.destroySoon()
  })
  const endpoint = new WebSocketServer({ server: http })
  endpoint.on('connection', client => {
    client.on('error', () => {})
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }))
  })
  return tapping(tap => http.emit('connection', tap))
}

async function expectSameBytes(client: TcpClient, tapped: Tapped, index = 0): Promise<void> {
  const { recorder } = await tapped.connection(index)
  await eventually(() => recorder.endings.includes('closed'))
  expect(recorder.bytes('client').equals(client.written)).toBe(true)
  expect(recorder.bytes('server').equals(client.read)).toBe(true)
}

const maskedHello = Buffer.from([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
const maskedClose = Buffer.from([0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe8 ^ 2])

describe('what a tap reports is what a plain TCP client wrote and read', () => {
  test.each([
    ['an ordinary request', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['a head that is no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a malformed header', 'GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n'],
    ['a head of 100 KB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    [
      'two pipelined requests',
      'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    ],
    ['a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc'],
  ])('%s', async (_label, request) => {
    const tapped = await tappedEcho()
    const client = new TcpClient(tapped.port).write(request)
    expect(await client.rest()).not.toBe('')
    await expectSameBytes(client, tapped)
  })

  test('a handshake, a message and a close', async () => {
    const tapped = await tappedEcho()
    const client = new TcpClient(tapped.port).write(handshake(tapped.port))
    await client.until('\r\n\r\n')
    client.write(maskedHello)
    await client.until('Hello')
    client.write(maskedClose)
    await client.rest()
    await expectSameBytes(client, tapped)
  })

  test('frames pipelined right behind the handshake', async () => {
    const tapped = await tappedEcho()
    const client = new TcpClient(tapped.port)
    client.write(Buffer.concat([Buffer.from(handshake(tapped.port)), maskedHello, maskedClose]))
    expect(await client.rest()).toContain('Hello')
    await expectSameBytes(client, tapped)
  })

  test('a message of 1 MiB, which does not leave in one write', async () => {
    const tapped = await tappedEcho()
    const client = new TcpClient(tapped.port).write(handshake(tapped.port))
    const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0])
    client.write(Buffer.concat([head, Buffer.alloc(1 << 20, 'z')])).write(maskedClose)
    expect((await client.rest()).length).toBeGreaterThan(1 << 20)
    await expectSameBytes(client, tapped)
  })

  test('a head cut at every byte', async () => {
    const tapped = await tappedEcho()
    const client = new TcpClient(tapped.port)
    for (const char of handshake(tapped.port)) {
      client.write(char)
      await new Promise(resolve => setImmediate(resolve))
    }
    client.write(Buffer.concat([maskedHello, maskedClose]))
    expect(await client.rest()).toContain('Hello')
    await expectSameBytes(client, tapped)
  })

  test('whatever is written, however it is cut', async () => {
    const tapped = await tappedEcho()
    let index = 0
    const bytes = fc.uint8Array({ maxLength: 300 })
    const head = fc.constantFrom('', 'GET / HTTP/1.1\r\n', handshake(tapped.port))
    await fc.assert(
      fc.asyncProperty(head, fc.array(bytes, { maxLength: 6 }), async (start, parts) => {
        const client = new TcpClient(tapped.port)
        await once(client.socket, 'connect')
        const { recorder } = await tapped.connection(index++)
        for (const part of [start, ...parts]) {
          client.write(part)
          await new Promise(resolve => setImmediate(resolve))
        }
        client.end()
        await client.rest()
        await eventually(() => recorder.endings.includes('closed'))
        // A server that has given up on a client need not read on; what it read is a beginning of what was written.
        const read = recorder.bytes('client')
        expect(client.written.subarray(0, read.length).equals(read)).toBe(true)
        if (!recorder.endings.includes('destroyed')) expect(read.length).toBe(client.written.length)
        // An RST may take from a client what was on its way.
        const written = recorder.bytes('server')
        expect(written.subarray(0, client.read.length).equals(client.read)).toBe(true)
        if (client.socket.readableEnded) expect(written.length).toBe(client.read.length)
      }),
      { numRuns: 150 },
    )
  })
})

describe('how a tapped connection ends', () => {
  test('by a FIN from the client, then one from the server', async () => {
    const tapped = await tapping(tap => tap.resume().on('end', () => tap.end('bye')))
    const client = new TcpClient(tapped.port).write('hello').end()
    expect(await client.rest()).toBe('bye')
    const { recorder } = await tapped.connection()
    await eventually(() => recorder.endings.includes('closed'))
    expect(recorder.endings).toEqual(['client-fin', 'server-fin', 'closed'])
  })

  test('half-open: a client that has ended still reads, and a server that has ended still hears', async () => {
    const tapped = await tapping(tap => tap.resume().end('first'))
    const client = new TcpClient(tapped.port)
    await once(client.socket, 'end')
    client.write('said after your FIN').end()
    await expectSameBytes(client, tapped)
    const { recorder } = await tapped.connection()
    expect(recorder.bytes('client').toString()).toBe('said after your FIN')
    expect(recorder.endings).toEqual(['server-fin', 'client-fin', 'closed'])
  })

  test('by an RST from the client', async () => {
    const tapped = await tapping(tap => tap.resume())
    const client = new TcpClient(tapped.port).write('hello')
    const { recorder, tap } = await tapped.connection()
    await eventually(() => recorder.bytes('client').length === 5)
    client.socket.resetAndDestroy()
    await eventually(() => recorder.endings.includes('closed'))
    expect(recorder.endings).toEqual(['reset', 'closed'])
    expect(tap.destroyed).toBe(true)
  })

  test('by an RST that a write meets', async () => {
    const tapped = await tapping(tap => tap.pause())
    const client = new TcpClient(tapped.port)
    const { recorder, tap } = await tapped.connection()
    client.socket.resetAndDestroy()
    await once(client.socket, 'close')
    const filling = setInterval(() => tap.write('anybody there?'), 1)
    await eventually(() => recorder.endings.includes('closed'))
    clearInterval(filling)
    expect(recorder.endings).toEqual(['reset', 'closed'])
  })

  test('by the sandbox giving up', async () => {
    const tapped = await tapping(tap => tap.resume())
    const client = new TcpClient(tapped.port).write('x')
    const { recorder, tap } = await tapped.connection()
    await eventually(() => recorder.chunks.length === 1)
    tap.destroy()
    await client.rest()
    await eventually(() => recorder.endings.includes('closed'))
    expect(recorder.endings).toEqual(['destroyed', 'closed'])
  })

  test('by the sandbox with an RST', async () => {
    const tapped = await tapping(tap => tap.resume())
    const client = new TcpClient(tapped.port).write('x')
    const { recorder, tap } = await tapped.connection()
    await eventually(() => recorder.chunks.length === 1)
    const failed = once(client.socket, 'error')
    tap.resetAndDestroy()
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
    await eventually(() => recorder.endings.includes('closed'))
    expect(recorder.endings).toEqual(['destroyed', 'closed'])
  })

  test('a client that goes on sending still gets the answer that ends the connection', async () => {
    const tapped = await tapping(tap => {
      tap.once('data', () => {
        tap.write('no')
        tap.destroySoon()
      })
    })
    const client = new TcpClient(tapped.port)
    for (let i = 0; i < 64; i++) client.write(Buffer.alloc(16 * 1024))
    expect(await client.rest()).toBe('no')
  })

  test('a client that never ends is destroyed when the linger is over', async () => {
    const tapped = await tapping(tap => tap.destroySoon())
    const client = new TcpClient(tapped.port)
    const { recorder } = await tapped.connection()
    await once(client.socket, 'end')
    await eventually(() => recorder.endings.includes('closed'))
    expect(recorder.endings).toEqual(['server-fin', 'destroyed', 'closed'])
  })
})

describe('a tap as a socket', () => {
  test('stops reading from the client while nobody reads from it', async () => {
    const tapped = await tapping(() => {})
    const client = new TcpClient(tapped.port)
    await once(client.socket, 'connect')
    const total = 32 * 1024 * 1024
    client.socket.write(Buffer.alloc(total))
    const { recorder, tap } = await tapped.connection()
    await eventually(() => tap.readableLength >= tap.readableHighWaterMark)
    // Whatever else the kernel takes is bounded; the tap holds one read more than its mark at the most.
    expect(recorder.bytes('client').length).toBeLessThan(256 * 1024)
    let read = 0
    tap.on('data', (bytes: Buffer) => (read += bytes.length))
    await eventually(() => read === total)
    expect(recorder.bytes('client').length).toBe(total)
  })

  test('says to wait when the client does not read, and goes on when it does', async () => {
    const tapped = await tapping(() => {})
    const client = new TcpClient(tapped.port)
    client.socket.pause()
    const { tap } = await tapped.connection()
    while (tap.write(Buffer.alloc(64 * 1024)) || !tap.writableNeedDrain);
    while (tap.writableLength < 4 * 1024 * 1024) tap.write(Buffer.alloc(64 * 1024))
    expect(tap.writableNeedDrain).toBe(true)
    client.socket.resume()
    await once(tap, 'drain')
    expect(tap.writableLength).toBe(0)
  })

  test('writes corked together are one write, in the order they were made', async () => {
    const tapped = await tapping(tap => {
      tap.cork()
      tap.write('one ')
      tap.write('two ')
      tap.write('three')
      tap.uncork()
      tap.end()
    })
    const client = new TcpClient(tapped.port)
    expect(await client.rest()).toBe('one two three')
    const { recorder } = await tapped.connection()
    expect(recorder.chunks.map(chunk => chunk.bytes.toString())).toEqual(['one two three'])
  })

  test('knows its addresses after it is closed', async () => {
    const tapped = await tapping(tap => tap.end())
    const client = new TcpClient(tapped.port)
    await once(client.socket, 'connect')
    const port = client.socket.localPort
    await client.rest()
    const { tap } = await tapped.connection()
    await eventually(() => tap.closed)
    expect(tap).toMatchObject({ remoteAddress: '127.0.0.1', remotePort: port, localPort: tapped.port })
  })

  test('tells of silence when it was asked to', async () => {
    const tapped = await tapping(tap => tap.setTimeout(20, () => tap.end('silence')))
    expect(await new TcpClient(tapped.port).rest()).toBe('silence')
  })

  test('gives times that never go back', async () => {
    const tapped = await tappedEcho()
    const client = new TcpClient(tapped.port).write(handshake(tapped.port))
    await client.until('\r\n\r\n')
    for (let i = 0; i < 20; i++) client.write(maskedHello)
    client.write(maskedClose)
    await client.rest()
    const { recorder, tap } = await tapped.connection()
    const times = [tap.openedAt, ...recorder.chunks.map(chunk => chunk.at)]
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})
