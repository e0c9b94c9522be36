import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { SocketEnding } from '#contract/events.ts'
import type { Role } from '#protocol/role.ts'
import type { Clock } from './clock.ts'

/** What hears of a tapped socket. `bytes` belong to the socket's buffers: keep a copy, not a reference. */
export interface TapSink {
  /** One read of the socket (`client`), or one write to it (`server`). */
  chunk(from: Role, bytes: Uint8Array<ArrayBuffer>, at: number): void
  ending(how: SocketEnding, at: number): void
}

export interface TapOptions {
  readonly clock: Clock
  readonly sink?: TapSink
  /** Bytes buffered for the peer above which `write` says to wait. */
  readonly writableHighWaterMark: number
  /** How long `destroySoon` keeps reading and throwing away after our FIN. */
  readonly lingerMs: number
}

/** Sees what a client sends before whoever reads from its tap does. */
export interface Inspector {
  /** Gives what is to be read in the place of the next bytes. */
  admit(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer>
}

/** Corked writes up to this many bytes are joined: to copy them costs less than a gathering write. */
const JOINED_BYTES = 4096

const TAP = Symbol('tap')
/** Its tap is found on the socket: listeners that all sockets share are less to hold than one of each socket. */
interface TappedSocket extends Socket {
  [TAP]: TapSocket
}

function ignore(): void {
  // Errors are in the endings.
}

/**
 * A net.Socket's stand-in that an http.Server takes as its connection and that reports every byte read and written,
 * verbatim: http.Server reads a real socket's handle past JavaScript, so the bytes must be taken before it has them.
 */
export class TapSocket extends Duplex {
  /** Who hears of the socket from now on; nobody: the tap costs nothing but the detour. */
  sink: TapSink | undefined
  inspector: Inspector | undefined
  readonly openedAt: number
  // Cached: a net.Socket forgets them when it closes.
  readonly remoteAddress: string | undefined
  readonly remoteFamily: string | undefined
  readonly remotePort: number | undefined
  readonly localAddress: string | undefined
  readonly localPort: number | undefined
  readonly #raw: Socket
  readonly #clock: Clock
  readonly #lingerMs: number
  #rawPaused = false
  #rawClosed = false
  #finsSeen = 0
  #linger: NodeJS.Timeout | undefined

  constructor(raw: Socket, options: TapOptions) {
    super({ allowHalfOpen: raw.allowHalfOpen, writableHighWaterMark: options.writableHighWaterMark })
    this.#raw = raw
    this.#clock = options.clock
    this.#lingerMs = options.lingerMs
    this.sink = options.sink
    this.openedAt = options.clock()
    this.remoteAddress = raw.remoteAddress
    this.remoteFamily = raw.remoteFamily
    this.remotePort = raw.remotePort
    this.localAddress = raw.localAddress
    this.localPort = raw.localPort
    // Between http's listeners and those of a WebSocket there are moments with none.
    this.on('error', ignore)
    const tapped: TappedSocket = Object.assign(raw, { [TAP]: this })
    tapped.on('error', TapSocket.#onError)
    tapped.on('data', TapSocket.#onData)
    tapped.on('end', TapSocket.#onEnd)
    tapped.on('timeout', TapSocket.#onTimeout)
    tapped.on('close', TapSocket.#onClose)
  }

  static #onError(this: TappedSocket, error: NodeJS.ErrnoException): void {
    // EPIPE is what a write meets when the RST was there before it.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') this[TAP].#report('reset')
    this[TAP].destroy(error)
  }

  static #onData(this: TappedSocket, bytes: Buffer<ArrayBuffer>): void {
    const tap = this[TAP]
    tap.sink?.chunk('client', bytes, tap.#clock())
    const given = tap.inspector ? tap.inspector.admit(bytes) : bytes
    if (given.length === 0 || tap.push(given)) return
    tap.#rawPaused = true
    this.pause()
  }

  static #onEnd(this: TappedSocket): void {
    const tap = this[TAP]
    tap.#finsSeen++
    tap.#report('client-fin')
    tap.push(null)
  }

  static #onTimeout(this: TappedSocket): void {
    this[TAP].emit('timeout')
  }

  static #onClose(this: TappedSocket): void {
    const tap = this[TAP]
    tap.#rawClosed = true
    tap.#report('closed')
    tap.destroy()
  }

  override _read(): void {
    if (!this.#rawPaused) return
    this.#rawPaused = false
    this.#raw.resume()
  }

  override _write(
    chunk: Buffer<ArrayBuffer>,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#pass(chunk, [], done)
  }

  /** What was written corked is to leave in one system call, so it is one write to whoever listens. */
  override _writev(
    chunks: { chunk: Buffer<ArrayBuffer>; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    const buffers = chunks.map(each => each.chunk)
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
    if (this.sink || length <= JOINED_BYTES) this.#pass(Buffer.concat(buffers, length), [], done)
    else this.#pass(buffers.pop() ?? Buffer.alloc(0), buffers, done)
  }

  #pass(
    last: Buffer<ArrayBuffer>,
    before: readonly Buffer<ArrayBuffer>[],
    done: (error?: Error | null) => void,
  ): void {
    const raw = this.#raw
    if (raw.writable) this.sink?.chunk('server', last, this.#clock())
    let told = false
    if (before.length > 0) raw.cork()
    for (const buffer of before) raw.write(buffer)
    raw.write(last, error => {
      if (!told) done(error)
    })
    if (before.length > 0) raw.uncork()
    // With nothing left the kernel has it all; waiting for the callback would cost a turn of the loop each write.
    told = raw.writableLength === 0 && !raw.destroyed
    if (told) done()
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#raw.destroyed) {
      done()
      return
    }
    this.#raw.end(() => {
      // Called too when the socket is destroyed before its end.
      if (this.#raw.writableFinished) {
        this.#finsSeen++
        this.#report('server-fin')
      }
      done()
    })
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#linger)
    if (!this.#raw.destroyed && this.#finsSeen < 2) this.#report('destroyed')
    // Closed means closed: whoever waits for us may count on the last report having been made.
    if (this.#rawClosed) done(error)
    else this.#raw.once('close', () => done(error)).destroy()
  }

  #report(how: SocketEnding): void {
    this.sink?.ending(how, this.#clock())
  }

  /**
   * Ends our half after what is written, then lingers: a socket destroyed with unread bytes sends an RST, which
   * takes the answer from the client's hands.
   */
  destroySoon(): void {
    if (this.destroyed || this.#linger) return
    this.removeAllListeners('data')
    this.resume()
    this.end()
    this.#linger = setTimeout(() => this.destroy(), this.#lingerMs)
  }

  /** Closes with an RST. */
  resetAndDestroy(): this {
    if (!this.#raw.destroyed) this.#report('destroyed')
    this.#raw.resetAndDestroy()
    return this.destroy()
  }

  setTimeout(milliseconds: number, listener?: () => void): this {
    this.#raw.setTimeout(milliseconds)
    if (listener && milliseconds === 0) this.off('timeout', listener)
    else if (listener) this.once('timeout', listener)
    return this
  }

  setNoDelay(on?: boolean): this {
    this.#raw.setNoDelay(on)
    return this
  }

  setKeepAlive(on?: boolean, initialDelay?: number): this {
    this.#raw.setKeepAlive(on, initialDelay)
    return this
  }

  ref(): this {
    this.#raw.ref()
    return this
  }

  unref(): this {
    this.#raw.unref()
    return this
  }
}
