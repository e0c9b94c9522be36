import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Transform, type TransformCallback } from 'node:stream'
import { TICKET_PARAMETER } from '#contract/addresses.ts'
import { PROXY_COLLECTS_BYTES, PROXY_IDLE_MS, type ProxyKind } from '#contract/proxies.ts'
import type { TapSocket } from './tap.ts'

/** A request that came to a proxy. */
export interface Asked {
  readonly request: IncomingMessage
  readonly front: TapSocket
  /** What came behind the request. */
  readonly rest: Buffer
}

/** A balancer tells the server of itself, and not the client: it is a gateway (RFC 9110 §7.6.3). */
type Carrier = ProxyKind | 'balancing'

/**
 * Carries on what came on one connection over another, as a proxy does: heads are read and written anew (RFC 9110 §7.6),
 * and what follows them goes both ways until both sides have ended.
 * @param back the proxy's own connection to the server
 * @param headBytes longest head of a response
 */
export function carry(kind: Carrier, { request, front, rest }: Asked, back: Socket, headBytes: number): void {
  if (front.destroyed) {
    back.destroy()
    return
  }
  const sign: Field = ['Via', `1.1 ${kind}`]
  const target = kind === 'balancing' ? withoutTicket(request.url) : request.url
  const fields = passedOn(pairs(request.rawHeaders), kind)
  back.write(headOf(`${request.method} ${target} HTTP/1.1`, [...fields, sign]))
  const write = (start: string, answered: readonly Field[]) =>
    headOf(start, [...passedOn(answered, kind), ...(kind === 'balancing' ? [] : [sign])])
  if (rest.length > 0) back.write(rest)
  front.pipe(back)
  const answered = back.pipe(new ResponseHead(write, headBytes))
  answered.on('error', () => back.destroy())
  if (kind === 'collecting') answered.pipe(new Collector(PROXY_COLLECTS_BYTES)).pipe(front)
  else answered.pipe(front)
  back.on('close', () => front.destroySoon())
  front.on('close', () => back.destroy())
  if (kind === 'impatient') endWhenIdle(front, back, PROXY_IDLE_MS)
}

type Field = readonly [name: string, value: string]

function pairs(raw: readonly string[]): readonly Field[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []))
}

/** Meant for the next hop only, whether Connection names them or not (RFC 9110 §7.6.1). */
const HOP_BY_HOP = ['connection', 'proxy-connection', 'keep-alive', 'te', 'transfer-encoding', 'upgrade']

/** The fields of a head that go further. One that knows Upgrade says it again, for the next hop (RFC 9110 §7.8). */
function passedOn(fields: readonly Field[], kind: Carrier): readonly Field[] {
  // The instances believe their balancer, which has nobody to name.
  if (kind === 'balancing') return fields.filter(([name]) => name.toLowerCase() !== 'x-forwarded-for')
  if (kind !== 'stripping') return fields
  const named = fields
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map(option => option.trim().toLowerCase()))
  const dropped = new Set([...HOP_BY_HOP, ...named])
  return [...fields.filter(([name]) => !dropped.has(name.toLowerCase())), ['Connection', 'close']]
}

function headOf(start: string, fields: readonly Field[]): Buffer {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${start}\r\n${lines.join('')}\r\n`, 'latin1')
}

/** A ticket has been used where the connection came in. */
function withoutTicket(target: string | undefined): string {
  const { pathname, searchParams } = new URL(target ?? '/', 'http://sandbox')
  searchParams.delete(TICKET_PARAMETER)
  return `${pathname}?${searchParams}`
}

const HEAD_END = '\r\n\r\n'

/** Writes the head of a response anew, and passes on what follows it. */
class ResponseHead extends Transform {
  readonly #write: (start: string, fields: readonly Field[]) => Buffer
  readonly #most: number
  /** What there is of the head; undefined behind it. */
  #head: Buffer | undefined = Buffer.alloc(0)

  constructor(write: (start: string, fields: readonly Field[]) => Buffer, most: number) {
    super()
    this.#write = write
    this.#most = most
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.#head) {
      done(null, bytes)
      return
    }
    this.#head = Buffer.concat([this.#head, bytes])
    const end = this.#head.indexOf(HEAD_END)
    if (end === -1) {
      done(this.#head.length > this.#most ? new Error('a head without end') : null)
      return
    }
    const [start = '', ...lines] = this.#head.toString('latin1', 0, end).split('\r\n')
    const rest = this.#head.subarray(end + HEAD_END.length)
    this.#head = undefined
    this.push(this.#write(start, lines.map(fieldOf)))
    done(null, rest)
  }
}

function fieldOf(line: string): Field {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

/** Keeps what comes behind a head until there is enough of it, or no more to come. */
class Collector extends Transform {
  readonly #enough: number
  #kept: Buffer[] = []
  #isBody = false

  constructor(enough: number) {
    super()
    this.#enough = enough
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    // The head comes in one piece, and first.
    if (!this.#isBody) {
      this.#isBody = true
      done(null, bytes)
      return
    }
    this.#kept.push(bytes)
    const length = this.#kept.reduce((sum, each) => sum + each.length, 0)
    if (length < this.#enough) done()
    else this.#give(done)
  }

  override _flush(done: TransformCallback): void {
    this.#give(done)
  }

  #give(done: TransformCallback): void {
    const all = Buffer.concat(this.#kept)
    this.#kept = []
    done(null, all)
  }
}

/** Ends both connections, without a word of WebSocket, when nothing has crossed for that long. */
function endWhenIdle(front: TapSocket, back: Socket, milliseconds: number): void {
  const timer = setTimeout(() => {
    back.destroy()
    front.destroySoon()
  }, milliseconds)
  for (const socket of [front, back]) {
    socket.on('data', () => timer.refresh())
    socket.on('close', () => clearTimeout(timer))
  }
}
