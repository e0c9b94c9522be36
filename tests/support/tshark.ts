import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { startOf, type Recording } from '#recording/recording.ts'
import { hasTshark } from '../../scripts/launch/tshark.mjs'

/** Whether tshark can be asked; says loudly what is left out when it cannot. */
export const HAS_TSHARK = hasTshark(process.env)
if (!HAS_TSHARK)
  console.warn(
    'SKIPPED: nothing is compared with tshark, which does not run here (Debian: apt-get install tshark)',
  )

/** Whether this user may capture on the loopback interface. */
export function mayCapture(): boolean {
  // Listing link types opens the interface, which is what needs the right.
  const probe = spawnSync('dumpcap', ['-i', 'lo', '-L'], { timeout: 20_000 })
  const may = HAS_TSHARK && probe.status === 0
  if (!may)
    console.warn(
      `SKIPPED: no live capture, since dumpcap may not capture on lo: ${String(probe.stderr ?? '').trim()}`,
    )
  return may
}

/** A file that is gone when the test is over. */
export function temporaryFile(name: string, content: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

/** A frame as tshark reads it: enough to compare every bit of it. */
export interface TsharkFrame {
  readonly connection: number
  readonly from: Role
  /** Microseconds since 1970. */
  readonly at: number
  readonly fin: boolean
  /** Three bits. */
  readonly rsv: number
  readonly opcode: number
  readonly payloadLength: number
  readonly maskingKey: string | undefined
  /** Hex of everything before the payload. */
  readonly head: string
  /** Hex of the payload as it crossed; a digest of it when it is long. */
  readonly wirePayload: string
  /** The same, unmasked. */
  readonly payload: string
  readonly closeCode: number | undefined
}

type Layer = Readonly<Record<string, unknown>>

const CHECKSUMS = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE']

/** What tshark prints. */
export async function tshark(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('tshark', args, { maxBuffer: 1 << 30 })
  return stdout
}

/** Values of fields, one line for each packet that passes the filter; several of one packet have commas between. */
export async function packetFields(
  file: string,
  filter: string,
  fields: readonly string[],
  options: readonly string[] = [],
): Promise<string[][]> {
  const wanted = fields.flatMap(field => ['-e', field])
  const printed = await tshark('-r', file, ...CHECKSUMS, ...options, '-Y', filter, '-T', 'fields', ...wanted)
  return printed
    .split('\n')
    .slice(0, -1)
    .map(line => line.split('\t'))
}

/** Every WebSocket frame of a capture, in the order in which they were complete. */
export async function webSocketFrames(file: string, serverPort: number): Promise<TsharkFrame[]> {
  const printed = await tshark(
    '-r',
    file,
    '-Y',
    'websocket',
    '-T',
    'json',
    '-x',
    '--no-duplicate-keys',
    '-J',
    'frame tcp websocket',
  )
  const packets = JSON.parse(printed) as {
    readonly _source: { readonly layers: Readonly<Record<string, unknown>> }
  }[]
  return packets.flatMap(({ _source: { layers } }) => {
    const frame = layers['frame'] as Layer
    const tcp = layers['tcp'] as Layer
    const [seconds = '', fraction = ''] = String(frame['frame.time_epoch']).split('.')
    const place = {
      connection: Number(tcp['tcp.stream']),
      from: Number(tcp['tcp.srcport']) === serverPort ? ('server' as const) : ('client' as const),
      at: Number(seconds) * 1e6 + Number(fraction.slice(0, 6)),
    }
    const raws = layers['websocket_raw'] as RawField | RawField[]
    const heads = isRawField(raws) ? [raws] : raws
    return [layers['websocket'] as Layer | Layer[]].flat().map((fields, i) => ({
      ...place,
      fin: fields['websocket.fin'] === '1',
      rsv: Number(fields['websocket.rsv']),
      opcode: Number(fields['websocket.opcode']),
      // The 7 bits alone say 126 or 127 where more follow.
      payloadLength: Number(
        fields['websocket.payload_length_ext_64'] ??
          fields['websocket.payload_length_ext_16'] ??
          fields['websocket.payload_length'],
      ),
      maskingKey: hexOf(fields, 'websocket.masking_key'),
      head: heads[i]?.[0] ?? '',
      wirePayload: short(
        hexOf(fields, 'websocket.masked_payload') ?? hexOf(fields, 'websocket.payload') ?? '',
      ),
      payload: short(hexOf(fields, 'websocket.payload') ?? ''),
      closeCode: closeCodeIn(fields),
    }))
  })
}

/** Hex, then position, length and more. */
type RawField = readonly [hex: string, ...rest: unknown[]]

function isRawField(value: RawField | RawField[]): value is RawField {
  return typeof value[0] === 'string'
}

function hexOf(fields: Layer, name: string): string | undefined {
  return (fields[`${name}_raw`] as RawField | undefined)?.[0]
}

function closeCodeIn(fields: Layer): number | undefined {
  const payload = fields['websocket.payload'] as Layer | undefined
  const close = payload?.['websocket.payload.close'] as Layer | undefined
  const code = close?.['websocket.payload.close.status_code']
  return code === undefined ? undefined : Number(code)
}

/** The frames of a recording as ours reads them, each with the time of its last byte. */
export function framesOf(recording: Recording): TsharkFrame[][] {
  return recording.connections.map(({ chunks }, connection) => {
    const trace = new ConnectionTrace()
    for (const { from, bytes, at } of chunks) trace.push(from, bytes, at)
    return trace.items
      .filter(item => item.kind === 'frame')
      .map(({ from, at, frame }) => ({
        connection,
        from,
        at: startOf(recording) + at,
        fin: frame.fin,
        rsv: (frame.rsv1 ? 4 : 0) + (frame.rsv2 ? 2 : 0) + (frame.rsv3 ? 1 : 0),
        opcode: frame.opcode,
        payloadLength: frame.payloadLength,
        maskingKey: frame.maskingKey && hex(frame.maskingKey),
        head: hex(frame.wire.subarray(0, frame.headLength)),
        wirePayload: short(hex(frame.wire.subarray(frame.headLength))),
        payload: short(hex(frame.payload)),
        closeCode: frame.opcode === OPCODES.close ? parseClosePayload(frame.payload).code : undefined,
      }))
  })
}

/** Long hex as its digest, so that a difference can be read. */
function short(text: string): string {
  return text.length <= 256 ? text : createHash('sha256').update(text).digest('hex')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
