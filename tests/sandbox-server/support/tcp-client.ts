import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP client without ideas of its own: what it wrote and what it read, byte for byte. */
export class TcpClient {
  readonly socket: Socket
  readonly #written: Buffer[] = []
  readonly #read: Buffer[] = []

  constructor(port: number, options: { allowHalfOpen?: boolean } = {}) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true, ...options })
    this.socket.on('error', () => {})
    onTestFinished(() => void this.socket.destroy())
    this.socket.on('data', (bytes: Buffer) => this.#read.push(bytes))
  }

  write(bytes: string | Uint8Array): this {
    const buffer = Buffer.from(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    this.#written.push(buffer)
    this.socket.write(buffer)
    return this
  }

  end(): this {
    this.socket.end()
    return this
  }

  get written(): Buffer {
    return Buffer.concat(this.#written)
  }

  get read(): Buffer {
    return Buffer.concat(this.#read)
  }

  get text(): string {
    return this.read.toString('latin1')
  }

  /** Waits until what was read holds a text. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      if (this.#isOver())
        throw new Error(`ended after ${JSON.stringify(this.text)} without ${JSON.stringify(text)}`)
      await this.#somethingHappens('data', 'end', 'close')
    }
  }

  /** Waits for the server's FIN (or RST), ends too, and gives all that was read. */
  async rest(): Promise<string> {
    while (!this.#isOver()) await this.#somethingHappens('end', 'close')
    this.socket.end()
    return this.text
  }

  #isOver(): boolean {
    return this.socket.readableEnded || this.socket.destroyed
  }

  #somethingHappens(...events: readonly string[]): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        for (const event of events) this.socket.off(event, done)
        resolve()
      }
      for (const event of events) this.socket.on(event, done)
    })
  }
}
