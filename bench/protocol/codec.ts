// The codec against ws's Receiver and Sender: same bytes, same run, no native add-ons. Each case has a process of its
// own, so that none runs on code the engine tuned for another.
//
// ws's Receiver cuts frames, holds rules against them, puts messages together, checks that text is UTF-8 (with Node's own
// `isUtf8`, which is native) and hands out their bytes. "judged" does the same and names each rule broken and its byte;
// "frames" only cuts and unmasks; "read" also makes strings of texts, on both sides.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { acceptFor } from '#protocol/accept.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { applyMask } from '#protocol/mask.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { compare } from './ratio.ts'

process.env['WS_NO_BUFFER_UTIL'] = '1'
process.env['WS_NO_UTF_8_VALIDATE'] = '1'
const { Receiver, Sender } = await import('ws')

const SIZES = [16, 125, 1024, 64 * 1024, 1024 * 1024]
/** A chunk as a socket delivers it holds many small frames; a large frame comes as one. */
const CHUNK_BYTES = 64 * 1024
const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

/** What a lesson in Korean sends, and what most protocols send. */
const FILLS = { binary: [0xff, 0x00, 0x7f], ascii: [0x61], korean: [...Buffer.from('안녕하세요 ')] }
type Fill = keyof typeof FILLS

let sink = 0

function row(
  label: string,
  size: number,
  goal: number | undefined,
  ours: number,
  theirs: number,
  frames = 1,
): void {
  const rate = ((size * frames) / ours / 1000).toFixed(0).padStart(6)
  const ratio = (theirs / ours).toFixed(2).padStart(7)
  const wanted = goal === undefined ? '' : `  (goal: at least ${goal}×)`
  console.log(`  ${label.padEnd(36)} ${String(size).padStart(8)} B ${rate} MB/s ${ratio}×${wanted}`)
}

function payloadOf(size: number, fill: Fill): Uint8Array {
  const pattern = FILLS[fill]
  const whole = size - (size % pattern.length)
  return Uint8Array.from({ length: size }, (_, i) => (i < whole ? (pattern[i % pattern.length] ?? 0) : 0x61))
}

/** Frames of that size in one chunk, each with a key of its own. */
function chunkOf(size: number, fill: Fill): { chunk: Uint8Array; frames: number } {
  const payload = payloadOf(size, fill)
  const frames = Math.max(1, Math.floor(CHUNK_BYTES / (size + 14)))
  const opcode = fill === 'binary' ? 2 : 1
  const wires = Array.from({ length: frames }, (_, i) =>
    encodeFrame({ opcode, payload, maskingKey: Uint8Array.of(1 + (i >> 8), i, 0x5a, 0xa5) }),
  )
  return { chunk: new Uint8Array(Buffer.concat(wires)), frames }
}

/** Takes every message's payload, as ws hands it to its listener: ours make views, and unmask kept bytes, on demand. */
function take(stream: FrameStream, chunk: Uint8Array): void {
  for (const { message } of stream.push(chunk).frames) sink += message?.payload.length ?? 0
}

/** Ways of reading a chunk, from cutting it to what a lab does with it. */
const READERS = {
  frames: () => {
    const parser = new FrameParser({ keepWire: false })
    return (chunk: Uint8Array) => {
      for (const frame of parser.push(chunk)) sink += frame.payload.length
    }
  },
  judged: () => {
    const stream = new FrameStream('client', { keepWire: false })
    return (chunk: Uint8Array) => take(stream, chunk)
  },
  'judged and read': () => {
    const stream = new FrameStream('client', { keepWire: false })
    return (chunk: Uint8Array) => {
      for (const { message } of stream.push(chunk).frames) sink += message?.text?.length ?? 0
    }
  },
  'judged, wire bytes kept': () => {
    const stream = new FrameStream('client')
    return (chunk: Uint8Array) => take(stream, chunk)
  },
}
type Reader = keyof typeof READERS

/** Times faster than ws that this is to be, where that is a goal. */
function goalOf(reader: Reader, size: number): number | undefined {
  if (reader === 'frames') return size === 16 ? 3 : 2
  return reader === 'judged' ? 2 : undefined
}

function decode(fill: Fill, reader: Reader, size: number): void {
  const { chunk, frames } = chunkOf(size, fill)
  // ws unmasks in place, so every run gets the bytes anew.
  const scratch = Buffer.from(new ArrayBuffer(chunk.length))
  const prepare = (): void => {
    scratch.set(chunk)
  }
  const receiver = new Receiver({ isServer: true })
  let received = 0
  receiver.on('message', (data: Buffer) => {
    received++
    sink += reader === 'judged and read' ? data.toString().length : data.length
  })
  const read = READERS[reader]()
  const [ours = 0, theirs = 0] = compare([
    { prepare, run: () => read(scratch) },
    { prepare, run: () => void receiver.write(scratch) },
  ])
  if (received === 0 || received % frames !== 0) throw new Error('ws did not read what it was given')
  row(`${fill}: ${reader}`, size, goalOf(reader, size), ours, theirs, frames)
}

function encode(size: number): void {
  const payload = payloadOf(size, 'binary')
  const maskBuffer = Buffer.alloc(4)
  const generateMask = (mask: Uint8Array): void => {
    mask[0] = 0x37
    mask[1] = 0xfa
    mask[2] = 0x21
    mask[3] = 0x3d
  }
  // Each call brings its own options, as `ws.send` makes them for each message.
  const [ours = 0, theirs = 0] = compare([
    { run: () => void (sink += encodeFrame({ opcode: 2, payload, maskingKey: KEY }).length) },
    {
      run: () =>
        void (sink += Sender.frame(payload, {
          opcode: 2,
          fin: true,
          mask: true,
          readOnly: true,
          generateMask,
          maskBuffer,
        }).length),
    },
  ])
  row('encode', size, 1.5, ours, theirs)
}

function unmask(size: number): void {
  const bytes = payloadOf(size, 'binary')
  const [ours = 0, slice = 0] = compare([
    { run: () => applyMask(bytes, KEY) },
    { run: () => void (sink += bytes.slice().length) },
  ])
  row('unmask', size, 1, ours, slice)
}

function trickle(size: number): void {
  const wire = encodeFrame({ opcode: 2, payload: new Uint8Array(size), maskingKey: KEY })
  const parser = new FrameParser()
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte))
  const start = performance.now()
  for (const byte of wire) sink += parser.push(bytes[byte] ?? KEY).length
  const ms = performance.now() - start
  console.log(
    `  ${String(size).padStart(8)} B: ${ms.toFixed(0)} ms, ${((ms / wire.length) * 1e6).toFixed(0)} ns a byte`,
  )
}

interface Case {
  readonly title: string
  readonly sizes: readonly number[]
  readonly run: (size: number) => void
}

/** A recording opened by an inspector: each frame in a chunk of its own, both directions in turns. */
function trace(frames: number): void {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const common = 'Upgrade: websocket\r\nConnection: Upgrade\r\n'
  const request = `GET / HTTP/1.1\r\nHost: a\r\n${common}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`
  const response = `HTTP/1.1 101 Switching Protocols\r\n${common}Sec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`
  const payload = payloadOf(125, 'korean')
  const chunks = Array.from({ length: frames }, (_, i) => {
    const maskingKey = i % 2 === 0 ? Uint8Array.of(i >> 16, i >> 8, i, 1) : undefined
    return encodeFrame({ opcode: 1, payload, maskingKey })
  })
  const traced = new ConnectionTrace()
  traced.push('client', Buffer.from(request), 0)
  traced.push('server', Buffer.from(response), 0)
  const quarter = frames / 4
  const times: number[] = []
  for (let from = 0; from < frames; from += quarter) {
    const start = performance.now()
    for (let i = from; i < from + quarter; i++)
      sink += traced.push(i % 2 === 0 ? 'client' : 'server', chunks[i] ?? KEY, i).length
    times.push(performance.now() - start)
  }
  if (traced.items.length !== frames + 2) throw new Error('the trace did not read what it was given')
  const whole = times.reduce((sum, each) => sum + each)
  const quarters = times.map(each => each.toFixed(0)).join(' + ')
  console.log(
    `  ${String(frames).padStart(8)} frames: ${whole.toFixed(0)} ms, quarter by quarter ${quarters}`,
  )
}

function decoding(fill: Fill, reader: Reader): Case {
  const title = `decode masked ${fill}, ${reader}: times faster than ws Receiver`
  return { title, sizes: SIZES, run: size => decode(fill, reader, size) }
}

const CASES: Readonly<Record<string, Case>> = {
  binary: decoding('binary', 'frames'),
  'binary-judged': decoding('binary', 'judged'),
  'ascii-judged': decoding('ascii', 'judged'),
  'korean-judged': decoding('korean', 'judged'),
  'ascii-read': decoding('ascii', 'judged and read'),
  'korean-read': decoding('korean', 'judged and read'),
  'binary-kept': decoding('binary', 'judged, wire bytes kept'),
  encode: { title: 'encode with masking: times faster than ws Sender.frame', sizes: SIZES, run: encode },
  unmask: {
    title: 'unmask in place: times faster than an allocating slice()',
    sizes: SIZES.slice(3),
    run: unmask,
  },
  trickle: {
    title: 'one message in 1-byte chunks',
    sizes: [4 << 20, 8 << 20, (16 << 20) - 16],
    run: trickle,
  },
  trace: {
    title: 'trace of a long session (goal: 100,000 frames in 2 s)',
    sizes: [100_000, 400_000],
    run: trace,
  },
}

const [, , name, size] = process.argv
const wanted = name === undefined ? undefined : CASES[name]
if (wanted && size !== undefined) {
  wanted.run(Number(size))
  if (sink === 0) throw new Error('nothing was done')
} else
  for (const [id, { title, sizes }] of Object.entries(CASES)) {
    if (wanted && id !== name) continue
    console.log(title)
    for (const each of sizes)
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), id, String(each)], { stdio: 'inherit' })
  }
