import { expect, test, vi } from 'vitest'
import { parseCommand } from '#contract/commands.ts'
import { MAX_WRITE_BYTES } from '#contract/write.ts'
import { encodeChunk } from '#contract/events.ts'
import { SandboxAbsent } from '../../../src/sandbox/absence.ts'
import { sandboxAddress } from '../../../src/sandbox/address.ts'
import {
  ANSWER_TIMEOUT_MS,
  ControlChannel,
  HEARTBEAT_INTERVAL_MS,
} from '../../../src/sandbox/control-channel.ts'

/** The browser's side of a control channel, with a hand on everything the sandbox would do. */
class FakeSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING
  binaryType = 'blob'
  readonly sent: unknown[] = []
  send(message: string | Uint8Array): void {
    this.sent.push(typeof message === 'string' ? JSON.parse(message) : parseCommand(message))
  }
  close(): void {
    if (this.readyState === WebSocket.CLOSED) return
    this.readyState = WebSocket.CLOSED
    this.dispatchEvent(new CloseEvent('close'))
  }
  open(): void {
    this.readyState = WebSocket.OPEN
    this.dispatchEvent(new Event('open'))
  }
  say(event: object | Uint8Array<ArrayBuffer>): void {
    const data = event instanceof Uint8Array ? event.buffer : JSON.stringify(event)
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

function channelTo(page: string, now = () => 0) {
  const socket = new FakeSocket()
  const channel = new ControlChannel({
    address: sandboxAddress(new URL(page), 'http://127.0.0.1:8787'),
    now,
    createSocket: () => socket as unknown as WebSocket,
  })
  return { socket, channel }
}

const near = () => channelTo('http://127.0.0.1:8787/')
const ticketEvent = { type: 'ticket', request: 0, connection: 7, ticket: 'abc', expiresIn: 1000 }
const welcome = { type: 'welcome', version: 1, now: 500 }

test('asks for a ticket as soon as it is open, and hands out what comes for its connection', async () => {
  const { socket, channel } = near()
  const seen: unknown[] = []
  const asked = channel.ticket('echo', event => seen.push(event.type))
  socket.open()
  expect(socket.sent).toEqual([
    { type: 'hello', version: 1 },
    { type: 'ticket', request: 0, lab: 'echo' },
  ])
  socket.say(welcome)
  socket.say(ticketEvent)
  expect(await asked).toEqual({ connection: 7, url: 'ws://127.0.0.1:8787/lab/echo?ticket=abc' })
  socket.say({ type: 'opened', connection: 7, at: 1, lab: 'echo' })
  socket.say(encodeChunk({ connection: 7, from: 'client', at: 2, bytes: Uint8Array.of(1) }))
  socket.say(encodeChunk({ connection: 8, from: 'client', at: 2, bytes: Uint8Array.of(1) }))
  socket.say({ type: 'ending', connection: 7, at: 3, how: 'closed' })
  expect(seen).toEqual(['opened', 'chunk', 'ending'])
})

test('places the page on the session clock, midway between hello and welcome', () => {
  let now = 10
  const { socket, channel } = channelTo('http://127.0.0.1/', () => now)
  socket.open()
  now = 20
  socket.say({ ...welcome, now: 1_000_000 })
  expect(channel.sessionTime()).toBe(1_005_000)
})

test.each([
  ['http://127.0.0.1:8787/', 'unreachable'],
  ['https://course.example/', 'local-network'],
])('from %s a channel that never opens is %s', async (page, why) => {
  const { socket, channel } = channelTo(page)
  const asked = channel.ticket('echo', () => {})
  socket.close()
  await expect(asked).rejects.toMatchObject({ name: 'SandboxAbsent', why })
  expect(channel.usable).toBe(false)
})

test('a sandbox that the browser keeps an https page from is told of at once, each time it is asked for', async () => {
  const channel = new ControlChannel({
    address: sandboxAddress(new URL('https://course.example/'), 'ws://sandbox.example'),
    createSocket: () => {
      throw new DOMException('An insecure WebSocket connection may not be initiated', 'SecurityError')
    },
  })
  expect(channel.usable).toBe(false)
  await expect(channel.ticket('echo', () => {})).rejects.toMatchObject({ why: 'insecure' })
  await expect(channel.dial(() => {})).rejects.toMatchObject({ why: 'insecure' })
  channel.write(1, Uint8Array.of(1))
  channel.end(1, 'fin')
  channel.close()
})

test('what a socket is never meant to throw is not taken for an absence', () => {
  const wrong = () =>
    new ControlChannel({
      address: sandboxAddress(new URL('http://127.0.0.1/'), ''),
      createSocket: () => {
        throw new TypeError('a mistake of ours')
      },
    })
  expect(wrong).toThrow('a mistake of ours')
})

test('a write above what the sandbox takes is refused in the page', () => {
  const { channel } = near()
  expect(() => channel.write(3, new Uint8Array(MAX_WRITE_BYTES + 1))).toThrow(
    /at most 65792 bytes, not 65793/,
  )
})

test('gives up on a sandbox that does not answer in time', async () => {
  vi.useFakeTimers()
  try {
    const { channel } = near()
    const asked = channel.ticket('echo', () => {})
    const refused = expect(asked).rejects.toMatchObject({ why: 'unreachable' })
    vi.advanceTimersByTime(4_000)
    await refused
  } finally {
    vi.useRealTimers()
  }
})

test('gives up on a sandbox that said welcome and then hangs', async () => {
  vi.useFakeTimers()
  try {
    const { socket, channel } = near()
    socket.open()
    socket.say(welcome)
    const refused = expect(channel.ticket('echo', () => {})).rejects.toMatchObject({ why: 'unreachable' })
    vi.advanceTimersByTime(4_000)
    await refused
    expect(channel.usable).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})

test('a sandbox that hangs while nobody asks anything is noticed by its silence', () => {
  vi.useFakeTimers()
  try {
    const { socket, channel } = near()
    const told = vi.fn()
    channel.onGone(told)
    socket.open()
    socket.say(welcome)
    for (let beat = 0; beat < 3; beat++) {
      vi.advanceTimersByTime(HEARTBEAT_INTERVAL_MS)
      expect(socket.sent.at(-1)).toEqual({ type: 'heartbeat', request: beat })
      socket.say({ type: 'heartbeat', request: beat, now: 1_000 })
    }
    vi.advanceTimersByTime(HEARTBEAT_INTERVAL_MS + ANSWER_TIMEOUT_MS - 1)
    expect(channel.usable).toBe(true)
    vi.advanceTimersByTime(1)
    expect(told).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ why: 'lost' }))
    expect(channel.usable).toBe(false)
    // Nothing runs on after the end.
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('any event in place of the answer shows that the sandbox is there', () => {
  vi.useFakeTimers()
  try {
    const { socket, channel } = near()
    socket.open()
    socket.say(welcome)
    vi.advanceTimersByTime(HEARTBEAT_INTERVAL_MS + ANSWER_TIMEOUT_MS - 1)
    socket.say({ type: 'ending', connection: 7, at: 3, how: 'closed' })
    vi.advanceTimersByTime(ANSWER_TIMEOUT_MS - 1)
    expect(channel.usable).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('a channel that closes after its welcome is lost, and everyone who asked is told once', async () => {
  const { socket, channel } = near()
  const told = vi.fn()
  channel.onGone(told)
  socket.open()
  socket.say(welcome)
  const asked = channel.ticket('echo', () => {})
  socket.close()
  socket.close()
  await expect(asked).rejects.toMatchObject({ why: 'lost' })
  expect(told).toHaveBeenCalledExactlyOnceWith(expect.any(SandboxAbsent))
  await expect(channel.ticket('echo', () => {})).rejects.toMatchObject({ why: 'lost' })
})

test.each([
  ['a message of no known type', { type: 'surprise' }],
  ['a welcome of another version', { ...welcome, version: 2 }],
  ['a refusal of our version', { type: 'error', code: 'unsupported-version', message: 'old' }],
  ['a binary message of no known kind', Uint8Array.of(9)],
])('%s means the two do not fit together', async (_name, event) => {
  const { socket, channel } = near()
  const asked = channel.ticket('echo', () => {})
  socket.open()
  socket.say(event)
  await expect(asked).rejects.toMatchObject({ why: 'incompatible' })
})

test('dials, and plays the client of what it dialled', async () => {
  const { socket, channel } = near()
  const seen: unknown[] = []
  const dialling = channel.dial(event => seen.push(event.type))
  socket.open()
  socket.say(welcome)
  expect(socket.sent.at(-1)).toEqual({ type: 'dial', request: 0 })
  socket.say({ type: 'dialled', request: 0, connection: 3 })
  expect(await dialling).toBe(3)
  channel.write(3, Uint8Array.of(0x47, 0x45))
  expect(socket.sent.at(-1)).toEqual({
    type: 'write',
    request: 1,
    connection: 3,
    bytes: Uint8Array.of(0x47, 0x45),
  })
  channel.end(3, 'fin')
  expect(socket.sent.at(-1)).toEqual({ type: 'end', request: 2, connection: 3, how: 'fin' })
  socket.say({ type: 'ending', connection: 3, at: 3, how: 'closed' })
  expect(seen).toEqual(['ending'])
})

test('a refused ticket fails alone', async () => {
  const { socket, channel } = near()
  const asked = channel.ticket('echo', () => {})
  socket.open()
  socket.say(welcome)
  socket.say({ type: 'error', code: 'too-many-connections', message: 'full', request: 0 })
  await expect(asked).rejects.toMatchObject({ why: 'refused' })
  expect(channel.usable).toBe(true)
})

test('tells how it is with the other instances, until nobody listens', () => {
  const { socket, channel } = near()
  const told: string[] = []
  const stop = channel.onBus(state => told.push(state))
  socket.open()
  socket.say(welcome)
  expect(channel.bus).toBe('local')
  for (const state of ['connected', 'lost']) socket.say({ type: 'bus', state })
  stop()
  socket.say({ type: 'bus', state: 'connected' })
  expect(told).toEqual(['connected', 'lost'])
  expect(channel.bus).toBe('connected')
})
