import { createHash } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Fault } from './faults.ts'

const LONGEST = 65_536

/**
 * An echo server written from the RFC alone, sharing no code with the sandbox: right by itself, and wrong in whatever
 * ways it is told to be.
 */
export function plainServer(faults: ReadonlySet<Fault> = new Set()): Server {
  return createServer({ noDelay: true, allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    let head = Buffer.alloc(0)
    let connection: Connection | undefined
    socket.on('data', (bytes: Buffer) => {
      if (connection) {
        connection.read(bytes)
        return
      }
      head = Buffer.concat([head, bytes])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      connection = shakeHands(socket, head.toString('latin1', 0, end), faults)
      if (!faults.has('forgets what came with the request')) connection?.read(head.subarray(end + 4))
    })
  })
}

function shakeHands(socket: Socket, head: string, faults: ReadonlySet<Fault>): Connection | undefined {
  const field = (name: string) => new RegExp(`^${name}: *(.*?) *$`, 'im').exec(head)?.[1] ?? ''
  const offers = field('Sec-WebSocket-Extensions').split(',').map(readOffer)
  const offer = offers.find(
    each => each.isAcceptable || (each.isDeflate && faults.has('accepts every offer')),
  )
  if (
    faults.has('refuses offers that it should decline') &&
    offers.some(each => each.isDeflate && !each.isAcceptable)
  ) {
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    return undefined
  }
  const accept = createHash('sha1')
    .update(`${field('Sec-WebSocket-Key')}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(offer ? [`Sec-WebSocket-Extensions: ${offer.answer}`] : []),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  return new Connection(socket, offer, faults)
}

interface Offer {
  readonly isDeflate: boolean
  readonly isAcceptable: boolean
  readonly answer: string
  readonly windowBits: number
  readonly clientForgets: boolean
}

const PARAMETER =
  /^(?:(?:server|client)_no_context_takeover|client_max_window_bits|(?:server|client)_max_window_bits="?(?:8|9|1[0-5])"?)$/

function readOffer(text: string): Offer {
  const [name, ...parameters] = text.split(';').map(part => part.trim())
  const names = parameters.map(parameter => parameter.split('=')[0])
  const isDeflate = name === 'permessage-deflate'
  const bits = /server_max_window_bits="?(\d+)/.exec(text)?.[1]
  // Nothing is asked of the client, and the context is never taken over to the next answer.
  const answer = [
    'permessage-deflate',
    'server_no_context_takeover',
    ...(bits ? [`server_max_window_bits=${bits}`] : []),
  ]
  return {
    isDeflate,
    isAcceptable:
      isDeflate && parameters.every(each => PARAMETER.test(each)) && new Set(names).size === names.length,
    answer: answer.join('; '),
    windowBits: Math.min(15, Math.max(9, Number(bits ?? 15))),
    clientForgets: names.includes('client_no_context_takeover'),
  }
}

interface Head {
  readonly fin: boolean
  readonly rsv: number
  readonly opcode: number
  readonly isMasked: boolean
  readonly length: bigint
  readonly isShortest: boolean
  /** Bytes before the payload. */
  readonly size: number
}

interface Part {
  readonly opcode: number
  readonly isCompressed: boolean
  readonly payload: Buffer
}

class Connection {
  readonly #socket: Socket
  readonly #offer: Offer | undefined
  readonly #faults: ReadonlySet<Fault>
  #unread = Buffer.alloc(0)
  #parts: Part[] = []
  #window = Buffer.alloc(0)
  #firstKey: Buffer | undefined
  #waitingPongs: Buffer[] = []
  #isOver = false

  constructor(socket: Socket, offer: Offer | undefined, faults: ReadonlySet<Fault>) {
    this.#socket = socket
    this.#offer = offer
    this.#faults = faults
  }

  read(bytes: Buffer): void {
    const isNaive = this.#has('takes every read for one frame')
    this.#unread = isNaive ? Buffer.from(bytes) : Buffer.concat([this.#unread, bytes])
    while (!this.#isOver) {
      const head = readHead(this.#unread)
      if (!head) return
      const fault = this.#faultOf(head)
      if (fault !== undefined) {
        this.#fail(fault)
        if (!this.#has('goes on after a failure')) return
      }
      const length = Number(
        this.#has('reads half of a 64-bit length') ? head.length & 0xffff_ffffn : head.length,
      )
      if (this.#unread.length < head.size + length) return
      const payload = this.#unmasked(head, this.#unread.subarray(head.size, head.size + length))
      this.#unread = this.#unread.subarray(head.size + length)
      if (fault === undefined) this.#take(head, payload)
    }
  }

  #has(fault: Fault): boolean {
    return this.#faults.has(fault)
  }

  /** The code with which a head fails the connection. */
  #faultOf({ fin, rsv, opcode, isMasked, length, isShortest }: Head): number | undefined {
    const isControl = opcode >= 8
    const mayCompress = this.#offer && (opcode === 1 || opcode === 2 || this.#has('takes RSV1 anywhere'))
    if (rsv !== 0 && !(rsv === 4 && mayCompress) && !this.#has('ignores reserved bits')) return 1002
    if (!isMasked && !this.#has('takes unmasked frames')) return 1002
    if (((opcode > 2 && !isControl) || opcode > 10) && !this.#has('takes reserved opcodes for messages'))
      return 1002
    if (isControl && !fin && !this.#has('takes control frames without FIN')) return 1002
    if (isControl && length > 125n && !this.#has('takes long control frames')) return 1002
    if (!isShortest && !this.#has('takes lengths in too many bytes')) return 1002
    const isOpen = this.#parts.length > 0
    if (opcode === 0 && !isOpen && !this.#has('takes a continuation of nothing for a message')) return 1002
    if (!isControl && opcode !== 0 && isOpen && !this.#has('lets a message begin within another')) return 1002
    const sum = this.#parts.reduce((bytes, part) => bytes + part.payload.length, 0)
    const isTooLong = length + BigInt(isControl ? 0 : sum) > LONGEST
    return isTooLong && !this.#has('reads half of a 64-bit length') ? 1009 : undefined
  }

  #unmasked({ size, isMasked }: Head, payload: Buffer): Buffer {
    if (!isMasked) return payload
    const own = this.#unread.subarray(size - 4, size)
    this.#firstKey ??= Buffer.from(own)
    const key = this.#has('unmasks with the first key it saw') ? this.#firstKey : own
    return Buffer.from(payload.map((byte, i) => byte ^ (key[i % 4] ?? 0)))
  }

  #take(head: Head, payload: Buffer): void {
    const { opcode } = head
    if (opcode >= 8 && this.#has('forgets a message when a control frame comes')) this.#parts = []
    if (opcode === 8) this.#takeClose(payload)
    else if (opcode === 9) this.#takePing(payload)
    else if (opcode === 10) {
      if (this.#has('answers pongs')) this.#send(10, payload)
    } else this.#takeData(head, payload)
  }

  #takePing(payload: Buffer): void {
    if (this.#has('answers no ping')) return
    if (this.#parts.length > 0 && this.#has('answers pings when the message has ended'))
      this.#waitingPongs.push(payload)
    else this.#send(10, this.#has('answers pings with nothing') ? Buffer.alloc(0) : payload)
  }

  #takeData({ opcode, fin, rsv }: Head, payload: Buffer): void {
    const isCompressed = (rsv & 4) !== 0 && this.#offer !== undefined
    this.#parts.push({ opcode, isCompressed, payload })
    if (this.#has('looks for UTF-8 in each fragment') && this.#parts[0]?.opcode === 1 && !isUtf8(payload)) {
      this.#fail(1007)
      return
    }
    if (!fin && !this.#has('answers fragments one by one')) return
    const parts = this.#parts
    this.#parts = []
    const [first] = parts
    if (!first) return
    const message = this.#inflated(first.isCompressed, Buffer.concat(parts.map(part => part.payload)))
    if (typeof message === 'number') this.#fail(message)
    else this.#echo(first.opcode === 2 ? 2 : 1, message)
    for (const pong of this.#waitingPongs.splice(0)) this.#send(10, pong)
  }

  #inflated(isCompressed: boolean, payload: Buffer): Buffer | number {
    if (!isCompressed) return payload
    try {
      const forgets = this.#offer?.clientForgets === true || this.#has('forgets what came before')
      const inflated = inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: LONGEST,
        ...(this.#window.length > 0 && !forgets && { dictionary: this.#window }),
      })
      this.#window = Buffer.concat([this.#window, inflated]).subarray(-32_768)
      return inflated
    } catch (error) {
      if (this.#has('sends back what it cannot inflate')) return payload
      return error instanceof RangeError ? 1009 : 1007
    }
  }

  #echo(opcode: 1 | 2, message: Buffer): void {
    if (opcode === 1 && this.#has('replaces bad UTF-8')) this.#send(1, Buffer.from(message.toString()))
    else if (opcode === 1 && !isUtf8(message) && !this.#has('looks for no UTF-8')) this.#fail(1007)
    else if (opcode === 1 && this.#has('drops a byte order mark'))
      this.#send(1, Buffer.from(new TextDecoder().decode(message)))
    else this.#send(this.#has('answers everything as text') ? 1 : opcode, message)
  }

  #takeClose(payload: Buffer): void {
    const fault = this.#faultOfClose(payload)
    if (fault !== undefined) {
      this.#fail(fault)
      return
    }
    if (!this.#has('answers no Close')) this.#send(8, payload)
    if (this.#has('goes on after a Close')) return
    this.#isOver = true
    this.#socket.end()
  }

  #faultOfClose(payload: Buffer): number | undefined {
    if (payload.length === 0) return undefined
    if (payload.length === 1) return this.#has('takes half a close code') ? undefined : 1002
    const code = payload.readUInt16BE(0)
    const mayBeSent =
      (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000)
    if (!mayBeSent && !this.#has('takes any close code')) return 1002
    return isUtf8(payload.subarray(2)) || this.#has('looks at no reason') ? undefined : 1007
  }

  #fail(code: number): void {
    this.#send(8, Buffer.from([code >> 8, code & 0xff]))
    if (this.#has('goes on after a failure')) return
    this.#isOver = true
    if (!this.#has('leaves TCP open after a failure')) this.#socket.end()
  }

  #send(opcode: number, payload: Buffer): void {
    const compresses = this.#offer && (opcode < 8 || this.#has('compresses pongs')) && opcode !== 8
    const bytes = compresses ? squeezed(payload, this.#offer?.windowBits) : payload
    const mask = this.#has('masks its answers') ? 0x80 : 0
    const length =
      bytes.length < 126
        ? Buffer.from([mask | bytes.length])
        : bytes.length < 65_536
          ? Buffer.from([mask | 126, bytes.length >> 8, bytes.length & 0xff])
          : Buffer.concat([Buffer.from([mask | 127, 0, 0, 0, 0]), uint32(bytes.length)])
    const key = Buffer.alloc(mask === 0 ? 0 : 4)
    this.#socket.write(
      Buffer.concat([Buffer.from([0x80 | (compresses ? 0x40 : 0) | opcode]), length, key, bytes]),
    )
  }
}

function readHead(bytes: Buffer): Head | undefined {
  if (bytes.length < 2) return undefined
  const [first = 0, second = 0] = bytes
  const short = second & 0x7f
  const isMasked = second > 0x7f
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  const size = 2 + extended + (isMasked ? 4 : 0)
  if (bytes.length < size) return undefined
  const length =
    extended === 8 ? bytes.readBigUInt64BE(2) : BigInt(extended === 2 ? bytes.readUInt16BE(2) : short)
  return {
    fin: first > 0x7f,
    rsv: (first >> 4) & 7,
    opcode: first & 0x0f,
    isMasked,
    length,
    isShortest: length >= (extended === 0 ? 0n : extended === 2 ? 126n : 65_536n),
    size,
  }
}

function squeezed(payload: Buffer, windowBits = 15): Buffer {
  return deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, windowBits }).subarray(0, -4)
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
