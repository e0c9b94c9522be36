/** What strangers may do to a sandbox that runs, and what has to be answered. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants, deflateRawSync } from 'node:zlib'
import { LAB_PATH_PREFIX, TICKET_PARAMETER } from '#contract/addresses.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { DEFAULT_LIMITS, type Limits } from '../../sandbox-server/limits.ts'
import { Attacker } from './attacks.ts'
import { ECHO_PATH, frameOf, gone, handshake, type Fields } from './light-client.ts'

export interface Fault {
  readonly name: string
  /** Connections that do it, a second. */
  readonly perSecond: number
  /** Seconds for which more of them come, where not as long as those of the others. */
  readonly seconds?: number
  /** What one of them does; gives what it was answered. */
  readonly act: (port: number, number: number) => Promise<string>
  /** What each may be answered, and what one of them has to be. */
  readonly answers: RegExp
  readonly mustSee: string
  /** What the operator's metrics count of it: a limit, or a status. */
  readonly counted?: { readonly limit: keyof Limits } | { readonly status: number }
}

const { headBytes, messageFragments, messageBytes, messageBurst } = DEFAULT_LIMITS

/** Enough to be noticed beside the limit that it is above. */
const FLOOD = messageBurst * 5
/** Of the slow: a byte after each. */
const TRICKLE_MS = 200
/** Ten thousand times as long as what it is sent as. */
const BOMB_BYTES = 16 * 1024 * 1024
/** Ends what `Z_SYNC_FLUSH` appends, which permessage-deflate leaves out (RFC 7692 §7.2.1). */
const FLUSH_BYTES = 4
/** Documentation's own (RFC 5737): the one address of a flood. */
const ONE_ADDRESS = '192.0.2.66'
/** How long one of the flood that got in stays. */
const STAY_MS = 1_000

const PINGS = Buffer.concat(Array.from({ length: FLOOD }, () => frameOf(OPCODES.ping, Buffer.alloc(125))))
const FRAGMENTS = Buffer.concat(
  Array.from({ length: messageFragments * 4 }, (_, number) =>
    frameOf(number === 0 ? OPCODES.text : OPCODES.continuation, Buffer.from('x'), { fin: false }),
  ),
)
const HALF_FRAME = frameOf(OPCODES.text, Buffer.alloc(1000)).subarray(0, 500)
const BOMB = frameOf(
  OPCODES.binary,
  deflateRawSync(Buffer.alloc(BOMB_BYTES), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -FLUSH_BYTES),
  { rsv1: true },
)
const LONG_MESSAGE = frameOf(OPCODES.binary, Buffer.alloc(messageBytes - 1_000))

/** Is let in, writes, and waits for what comes of it. */
async function inside(
  port: number,
  bytes: Uint8Array,
  path = ECHO_PATH,
  fields: Fields = {},
): Promise<string> {
  const attacker = await Attacker.enter(port, handshake(port, path, fields))
  attacker.socket.write(bytes)
  return attacker.outcome()
}

const asks = (port: number, fields: Fields, path = ECHO_PATH): Promise<string> =>
  Attacker.begin(port, handshake(port, path, fields)).outcome()

export const FAULTS: readonly Fault[] = [
  {
    name: 'slow heads',
    perSecond: 20,
    async act(port) {
      const attacker = Attacker.begin(port, `GET ${ECHO_PATH} HTTP/1.1\r\nHost: `)
      const trickle = setInterval(() => attacker.socket.write('x'), TRICKLE_MS)
      const outcome = await attacker.outcome()
      clearInterval(trickle)
      return outcome
    },
    answers: /^HTTP 408$/,
    mustSee: 'HTTP 408',
    counted: { limit: 'headMs' },
  },
  {
    name: 'half frames',
    perSecond: 20,
    act: port => inside(port, HALF_FRAME),
    answers: /^Close 1008$/,
    mustSee: 'Close 1008',
    counted: { limit: 'frameMs' },
  },
  {
    name: 'slow readers',
    perSecond: 2,
    async act(port) {
      const attacker = await Attacker.enter(port, handshake(port, ECHO_PATH))
      attacker.socket.pause()
      for (let count = 0; count < messageBurst - 1; count++) attacker.socket.write(LONG_MESSAGE)
      await gone(attacker.socket)
      return 'cut off'
    },
    answers: /^cut off$/,
    mustSee: 'cut off',
    counted: { limit: 'stallMs' },
  },
  {
    name: 'ping floods',
    perSecond: 10,
    act: port => inside(port, PINGS),
    answers: /^Close 1008$/,
    mustSee: 'Close 1008',
    counted: { limit: 'messagesPerSecond' },
  },
  {
    name: 'fragment floods',
    perSecond: 20,
    act: port => inside(port, FRAGMENTS),
    answers: /^Close 1008$/,
    mustSee: 'Close 1008',
    counted: { limit: 'messageFragments' },
  },
  {
    name: 'compression bombs',
    perSecond: 10,
    act: port =>
      inside(port, BOMB, `${LAB_PATH_PREFIX}deflate`, { 'Sec-WebSocket-Extensions': 'permessage-deflate' }),
    answers: /^Close 1009$/,
    mustSee: 'Close 1009',
    counted: { limit: 'messageBytes' },
  },
  {
    name: 'header floods',
    perSecond: 100,
    act: (port, number) =>
      asks(
        port,
        number % 2 === 0
          ? { 'X-Long': 'x'.repeat(headBytes * 8) }
          : Object.fromEntries(Array.from({ length: 2_000 }, (_, field) => [`X-${field}`, 'y'])),
      ),
    answers: /^HTTP 431$/,
    mustSee: 'HTTP 431',
    counted: { limit: 'headBytes' },
  },
  {
    name: 'wrong Host',
    perSecond: 100,
    act: port => asks(port, { Host: 'rebound.example' }),
    answers: /^HTTP 403$/,
    mustSee: 'HTTP 403',
    counted: { status: 403 },
  },
  {
    name: 'wrong Origin',
    perSecond: 100,
    act: port => asks(port, { Origin: 'https://other.example' }),
    answers: /^HTTP 403$/,
    mustSee: 'HTTP 403',
    counted: { status: 403 },
  },
  {
    name: 'ticket guessing',
    perSecond: 100,
    act: port => {
      const guess = randomBytes(16).toString('base64url')
      return asks(port, {}, `${ECHO_PATH}?${TICKET_PARAMETER}=${guess}`)
    },
    answers: /^HTTP 403$/,
    mustSee: 'HTTP 403',
    counted: { status: 403 },
  },
  {
    name: '1,000 connections a second from one address',
    perSecond: 1_000,
    async act(port) {
      const attacker = await Attacker.enter(
        port,
        handshake(port, ECHO_PATH, { 'X-Forwarded-For': ONE_ADDRESS }),
      )
      if (attacker.status !== 101) return attacker.outcome()
      await new Promise(done => setTimeout(done, STAY_MS))
      await attacker.reset()
      return 'let in'
    },
    // Who waits for a 429 takes a place meanwhile: beyond `refusedConnections` of them the kernel drops.
    answers: /^(let in|HTTP 429|no answer)$/,
    mustSee: 'HTTP 429',
    counted: { limit: 'addressConnections' },
  },
  {
    name: 'random bytes',
    perSecond: 50,
    seconds: 60,
    act: async (port, number) => {
      const bytes = randomBytes(1 + (number % 4_096))
      if (number % 2 === 0) return inside(port, bytes)
      const attacker = Attacker.begin(port, bytes)
      attacker.socket.end()
      return attacker.outcome()
    },
    // Codes from 3000 on are those that a Close of random bytes can have by chance.
    answers: /^(HTTP (400|408|414|431)|Close (1002|1007|1008|1009|[34]\d{3}))$/,
    mustSee: 'Close 1002',
    counted: { status: 400 },
  },
  {
    name: 'RST storms',
    perSecond: 200,
    async act(port, number) {
      const half = handshake(port, ECHO_PATH).slice(0, 60)
      if (number % 2 === 0) {
        const attacker = Attacker.begin(port, half)
        await Promise.race([once(attacker.socket, 'connect'), gone(attacker.socket)])
        return attacker.reset()
      }
      const attacker = await Attacker.enter(port, handshake(port, ECHO_PATH))
      attacker.socket.write(HALF_FRAME)
      return attacker.reset()
    },
    answers: /^went$/,
    mustSee: 'went',
  },
]
