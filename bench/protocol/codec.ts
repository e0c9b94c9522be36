// The codec against ws's Receiver and Sender: same bytes, same run, no native add-ons. Run with Node.
process.env['WS_NO_BUFFER_UTIL'] = '1'
process.env['WS_NO_UTF_8_VALIDATE'] = '1'
const { Receiver, Sender } = await import('ws')
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { applyMask } from '#protocol/mask.ts'
import { compare } from './ratio.ts'

const SIZES = [16, 125, 1024, 64 * 1024, 1024 * 1024]
/** A chunk as a socket delivers it holds many small frames; a large frame comes as one. */
const CHUNK_BYTES = 64 * 1024
const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

let sink = 0

function row(
  label: string,
  size: number,
  wanted: number | undefined,
  ours: number,
  theirs: number,
  frames: number,
): void {
  const rate = ((size * frames) / ours / 1000).toFixed(0).padStart(6)
  const goal = wanted === undefined ? '' : `  (goal ≥ ${wanted})`
  const ratio = (theirs / ours).toFixed(2).padStart(6)
  console.log(`${label.padEnd(28)} ${String(size).padStart(8)} B ${rate} MB/s ${ratio}×${goal}`)
}

/** Frames of that size in one chunk, each with a key of its own. */
function chunkOf(size: number, opcode: number): { chunk: Uint8Array; frames: number } {
  const payload = new Uint8Array(size).fill(0x61)
  const frames = Math.max(1, Math.floor(CHUNK_BYTES / (size + 14)))
  const wires = Array.from({ length: frames }, (_, i) =>
    encodeFrame({ opcode, payload, maskingKey: Uint8Array.of(1 + (i >> 8), i, 0x5a, 0xa5) }),
  )
  return { chunk: new Uint8Array(Buffer.concat(wires)), frames }
}

function take(stream: FrameStream, chunk: Uint8Array): void {
  for (const { message } of stream.push(chunk).frames) sink += message?.payload.length ?? 0
}

function decode(opcode: number, label: string, goals: boolean): void {
  for (const size of SIZES) {
    const { chunk, frames } = chunkOf(size, opcode)
    // Both unmask in place, as on a socket whose chunks nobody else needs.
    const scratch = Buffer.from(new ArrayBuffer(chunk.length))
    const prepare = (): void => {
      scratch.set(chunk)
    }
    const receiver = new Receiver({ isServer: true })
    receiver.on('message', (data: Buffer) => {
      sink += data.length
    })
    const parser = new FrameParser({ keepWire: false })
    const stream = new FrameStream('client', { keepWire: false })
    const keeping = new FrameStream('client')
    // Every payload is taken, as ws hands it to its listener: frames unmask and make views on demand.
    const [parsed = 0, judged = 0, kept = 0, theirs = 0] = compare([
      {
        name: 'parse',
        prepare,
        run: () => {
          for (const frame of parser.push(scratch)) sink += frame.payload.length
        },
      },
      { name: 'judge', prepare, run: () => take(stream, scratch) },
      { name: 'keep', prepare, run: () => take(keeping, scratch) },
      { name: 'ws', prepare, run: () => void receiver.write(scratch) },
    ])
    row(`${label}: parse`, size, goals ? (size === 16 ? 3 : 2) : undefined, parsed, theirs, frames)
    row(`${label}: parse, judge, assemble`, size, undefined, judged, theirs, frames)
    row(`${label}: the same, wire kept`, size, undefined, kept, theirs, frames)
  }
}

console.log('decode of masked frames, times faster than ws Receiver')
decode(2, 'binary', true)
decode(1, 'text', false)

console.log('\nencode with masking, times faster than ws Sender.frame')
for (const size of SIZES) {
  const payload = new Uint8Array(size).fill(0x61)
  const generateMask = (mask: Uint8Array): void => {
    for (let i = 0; i < 4; i++) mask[i] = KEY[i] ?? 0
  }
  const maskBuffer = Buffer.alloc(4)
  const [ours = 0, theirs = 0] = compare([
    { name: 'ours', run: () => void (sink += encodeFrame({ opcode: 2, payload, maskingKey: KEY }).length) },
    {
      name: 'ws',
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
  row('encode', size, 1.5, ours, theirs, 1)
}

console.log('\nunmasking, times faster than an allocating slice()')
for (const size of [64 * 1024, 1024 * 1024]) {
  const bytes = new Uint8Array(size).fill(0x61)
  const [ours = 0, slice = 0] = compare([
    { name: 'unmask', run: () => applyMask(bytes, KEY) },
    { name: 'slice', run: () => void (sink += bytes.slice().length) },
  ])
  row('unmask', size, 1, ours, slice, 1)
}

console.log('\na 16 MiB message in 1-byte chunks')
for (const mebibytes of [4, 8, 16]) {
  const wire = encodeFrame({ opcode: 2, payload: new Uint8Array(mebibytes << 20), maskingKey: KEY })
  const parser = new FrameParser()
  const start = performance.now()
  for (let i = 0; i < wire.length; i++) sink += parser.push(wire.subarray(i, i + 1)).length
  const seconds = (performance.now() - start) / 1000
  console.log(
    `${String(mebibytes).padStart(4)} MiB: ${seconds.toFixed(2)} s, ${((seconds / wire.length) * 1e9).toFixed(0)} ns a byte`,
  )
}
if (sink === 0) throw new Error('nothing was done')
