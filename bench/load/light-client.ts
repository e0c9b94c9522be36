import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { LAB_PATH_PREFIX } from '#contract/addresses.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { headLength } from '#protocol/http-head.ts'
import { OPCODES } from '#protocol/opcodes.ts'

export const ECHO_PATH = `${LAB_PATH_PREFIX}echo`

/** Any four bytes: nobody looks. */
const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

export type Fields = Readonly<Record<string, string | undefined>>

/**
 * A correct request for an opening handshake.
 * @param fields instead of those that it has, or beside them; undefined: left out
 */
export function handshake(port: number, path: string, fields: Fields = {}): string {
  const all: Record<string, string | undefined> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...fields,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  )
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Waits until a socket is closed, however: an RST, which is an error to others, is one way of it. */
export function gone(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
}

/** A masked frame, ready to be written any number of times. */
export function frameOf(opcode: number, payload: Uint8Array = new Uint8Array(), more: object = {}): Buffer {
  return Buffer.from(encodeFrame({ opcode, payload, maskingKey: KEY, ...more }))
}

/** A Close of 1000. */
const NORMAL = Buffer.from([0x03, 0xe8])
const PONG = frameOf(OPCODES.pong)

/**
 * A WebSocket client that costs next to nothing, so that thousands fit beside the server that they load: it takes what
 * comes for frames of whole messages, and answers pings that say nothing.
 */
export class LightClient {
  readonly socket: Socket
  /** Hears of every message of the server. */
  onMessage: ((payload: Buffer, isBinary: boolean) => void) | undefined
  #rest = NOTHING
  #hasClosed = false

  private constructor(socket: Socket) {
    this.socket = socket
  }

  /** @throws Error with what the server said when it did not say 101 */
  static async open(port: number, path: string, fields: Fields = {}): Promise<LightClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    socket.write(handshake(port, path, fields))
    let head = Buffer.alloc(0)
    let length: number | undefined
    while (length === undefined) {
      const [bytes] = (await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [])])) as [
        Buffer?,
      ]
      if (!bytes) throw new Error(`no whole answer: ${head.toString('latin1')}`)
      head = Buffer.concat([head, bytes])
      length = headLength(head)
    }
    if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) {
      socket.destroy()
      throw new Error(head.toString('latin1').slice(0, length))
    }
    const client = new LightClient(socket)
    // An RST is what some are here for.
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => client.#take(bytes))
    client.#take(head.subarray(length))
    return client
  }

  /** Says something and waits until it comes back. @throws Error when something else does, or nothing */
  async echo(text: string): Promise<void> {
    const heard = new Promise<string>((resolve, reject) => {
      const ended = () => reject(new Error('it ended'))
      this.onMessage = payload => {
        this.socket.off('close', ended)
        resolve(payload.toString())
      }
      this.socket.once('close', ended)
      if (this.socket.destroyed) ended()
    })
    this.socket.write(frameOf(OPCODES.text, Buffer.from(text)))
    if ((await heard) !== text) throw new Error('another message came back')
  }

  /** Says a Close and waits until it is over. */
  async close(): Promise<void> {
    const closed = gone(this.socket)
    this.#hasClosed = true
    this.socket.write(frameOf(OPCODES.close, NORMAL))
    await closed
  }

  #take(bytes: Buffer): void {
    let wire = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes
    for (;;) {
      const short = (wire[1] ?? 0) & 0x7f
      const head = short === 126 ? 4 : short === 127 ? 10 : 2
      if (wire.length < head) break
      const length = short === 126 ? wire.readUInt16BE(2) : short === 127 ? wire.readUInt32BE(6) : short
      if (wire.length < head + length) break
      this.#frame((wire[0] ?? 0) & 0x0f, wire.subarray(head, head + length))
      wire = wire.subarray(head + length)
    }
    // A copy: what is left is small, and what it was cut from is not.
    this.#rest = wire.length > 0 ? Buffer.from(wire) : NOTHING
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === OPCODES.ping) this.socket.write(PONG)
    else if (opcode === OPCODES.close) {
      if (!this.#hasClosed) this.socket.write(frameOf(OPCODES.close, payload))
      this.socket.end()
    } else if (opcode !== OPCODES.pong) this.onMessage?.(payload, opcode === OPCODES.binary)
  }
}

const NOTHING = Buffer.alloc(0)
