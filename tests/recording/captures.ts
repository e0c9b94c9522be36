import { peerOf, type Role } from '#protocol/role.ts'

/** Captures as others write them, packet by packet and with no code of ours. */

/** A segment of a TCP connection; what is not given is as after a handshake. */
export interface Segment {
  readonly from: Role
  /** Of the first byte of the payload, counted from the beginning of the stream; SYN is one before. */
  readonly place?: number
  readonly payload?: Uint8Array
  /** Letters of the control bits: S, F, R, P, and A, which is there unless only S is. */
  readonly flags?: string
  /** Microseconds since the capture began. */
  readonly at?: number
  /** Of the client; another one is another connection. */
  readonly port?: number
  /** Sequence number of each stream's first byte. */
  readonly base?: number
  /** As much of the packet as is kept, in bytes. */
  readonly kept?: number
}

export type Encapsulation =
  | 'ethernet'
  | 'vlan'
  | 'null'
  | 'null-big'
  | 'loop'
  | 'raw'
  | 'raw-ipv4'
  | 'raw-ipv6'
  | 'sll'
  | 'sll2'
  | 'ethernet-ipv6'
  | 'ethernet-ipv6-options'
  | 'null-ipv6'

/** Link type of each, as https://www.tcpdump.org/linktypes.html has it. */
export const LINK_TYPES: Readonly<Record<Encapsulation, number>> = {
  ethernet: 1,
  vlan: 1,
  null: 0,
  'null-big': 0,
  loop: 108,
  raw: 101,
  'raw-ipv4': 228,
  'raw-ipv6': 229,
  sll: 113,
  sll2: 276,
  'ethernet-ipv6': 1,
  'ethernet-ipv6-options': 1,
  'null-ipv6': 0,
}

export const SERVER_PORT = 9000
const CLIENT_PORT = 40_000

const be = (bytes: number, value: number) => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value >>> 0, 0, bytes)
  return buffer
}
const u16 = (value: number) => be(2, value & 0xffff)
const u32 = (value: number) => be(4, value)
/** No Buffer: its `slice` copies nothing. */
const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

function tcp({
  from,
  place = 0,
  payload = new Uint8Array(0),
  flags = 'P',
  port = CLIENT_PORT,
  base = 1000,
}: Segment): Buffer {
  const bits = { S: 2, F: 1, R: 4, P: 8, A: 16 }
  const acks = flags === 'S' ? 0 : 16
  const flag = [...flags].reduce((sum, letter) => sum | (bits[letter as keyof typeof bits] ?? 0), acks)
  const ports = { client: port, server: SERVER_PORT }
  return Buffer.concat([
    u16(ports[from]),
    u16(ports[peerOf(from)]),
    u32(base + place - (flags.includes('S') ? 1 : 0)),
    u32(acks === 0 ? 0 : base),
    Buffer.from([5 << 4, flag]),
    u16(0xffff),
    // Nobody has to check what the network card would have filled in.
    u16(0),
    u16(0),
    payload,
  ])
}

function ipv4(from: Role, segment: Buffer): Buffer {
  const addresses = { client: [10, 0, 0, 1], server: [10, 0, 0, 2] }
  const head = [
    Buffer.from([0x45, 0]),
    u16(20 + segment.length),
    u16(1),
    u16(0x4000),
    Buffer.from([64, 6]),
    u16(0),
  ]
  return Buffer.concat([...head, Buffer.from(addresses[from]), Buffer.from(addresses[peerOf(from)]), segment])
}

function ipv6(from: Role, segment: Buffer, withOptions = false): Buffer {
  const address = (role: Role) =>
    Buffer.from(`fd00000000000000000000000000000${role === 'client' ? 1 : 2}`, 'hex')
  // Hop-by-hop options with nothing but padding.
  const options = withOptions ? Buffer.from([6, 0, 1, 4, 0, 0, 0, 0]) : Buffer.alloc(0)
  return Buffer.concat([
    u32(0x60000000),
    u16(options.length + segment.length),
    Buffer.from([withOptions ? 0 : 6, 64]),
    address(from),
    address(peerOf(from)),
    options,
    segment,
  ])
}

/** One packet as a capture on that kind of link holds it. */
export function packet(encapsulation: Encapsulation, segment: Segment): Uint8Array {
  const { from } = segment
  const v4 = ipv4(from, tcp(segment))
  const v6 = ipv6(from, tcp(segment))
  const macs = Buffer.from('020000000002020000000001', 'hex')
  const cooked = Buffer.from('00000304000600000000000000000000', 'hex')
  switch (encapsulation) {
    case 'ethernet':
      // Padding that the IP length does not count.
      return Buffer.concat([macs, u16(0x0800), v4, Buffer.alloc(6, 0xee)])
    case 'vlan':
      return Buffer.concat([macs, u16(0x88a8), u16(5), u16(0x8100), u16(7), u16(0x0800), v4])
    case 'null':
      return Buffer.concat([Buffer.from([2, 0, 0, 0]), v4])
    case 'null-big':
    case 'loop':
      return Buffer.concat([Buffer.from([0, 0, 0, 2]), v4])
    case 'raw':
    case 'raw-ipv4':
      return v4
    case 'raw-ipv6':
      return v6
    case 'sll':
      return Buffer.concat([cooked.subarray(0, 14), u16(0x0800), v4])
    case 'sll2':
      return Buffer.concat([u16(0x0800), u16(0), u32(1), u16(772), Buffer.from([0, 6]), Buffer.alloc(8), v4])
    case 'ethernet-ipv6':
      return Buffer.concat([macs, u16(0x86dd), v6])
    case 'ethernet-ipv6-options':
      return Buffer.concat([macs, u16(0x86dd), ipv6(from, tcp(segment), true)])
    case 'null-ipv6':
      return Buffer.concat([Buffer.from([30, 0, 0, 0]), v6])
  }
}

export interface PcapngOptions {
  readonly encapsulation?: Encapsulation
  /** Big-endian blocks. */
  readonly big?: boolean
  /** `if_tsresol`: 6 when not given. */
  readonly resolution?: number
  /** `simple` packets have no times; the obsolete ones are of before 2012. */
  readonly block?: 'enhanced' | 'simple' | 'obsolete'
}

/** When captures begin: 2026-01-01, in seconds since 1970. */
export const CAPTURED_AT = 1_767_225_600

/** A pcapng file of these segments. */
export function pcapng(segments: readonly Segment[], options: PcapngOptions = {}): Uint8Array {
  const { encapsulation = 'ethernet', big = false, resolution, block = 'enhanced' } = options
  const n16 = (value: number) => (big ? u16(value) : Buffer.from(u16(value)).reverse())
  const n32 = (value: number) => (big ? u32(value) : Buffer.from(u32(value)).reverse())
  const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  const blockOf = (type: number, ...parts: Uint8Array[]) => {
    const body = padded(Buffer.concat(parts))
    return Buffer.concat([n32(type), n32(body.length + 12), body, n32(body.length + 12)])
  }
  const perSecond =
    resolution === undefined ? 1e6 : resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution
  const tsresol =
    resolution === undefined
      ? Buffer.alloc(0)
      : Buffer.concat([n16(9), n16(1), Buffer.from([resolution, 0, 0, 0]), n32(0)])
  return joined([
    blockOf(0x0a0d0d0a, n32(0x1a2b3c4d), n16(1), n16(0), n32(0xffffffff), n32(0xffffffff)),
    blockOf(1, n16(LINK_TYPES[encapsulation]), n16(0), n32(0), tsresol),
    // A block of a type that nobody knows.
    blockOf(0x0bad, n32(1), n32(2)),
    ...segments.map(segment => {
      const bytes = packet(encapsulation, segment)
      const kept = bytes.subarray(0, segment.kept)
      const time =
        BigInt(Math.round((segment.at ?? 0) * (perSecond / 1e6))) + BigInt(CAPTURED_AT) * BigInt(perSecond)
      const times = [n32(Number(time >> 32n)), n32(Number(time & 0xffffffffn))]
      const lengths = [n32(kept.length), n32(bytes.length)]
      if (block === 'simple') return blockOf(3, n32(bytes.length), kept)
      const id = block === 'obsolete' ? Buffer.concat([n16(0), n16(0)]) : n32(0)
      return blockOf(block === 'obsolete' ? 2 : 6, id, ...times, ...lengths, padded(kept))
    }),
  ])
}

/** A classic capture of these segments. */
export function pcap(segments: readonly Segment[], { big = false, nanoseconds = false } = {}): Uint8Array {
  const n32 = (value: number) => (big ? u32(value) : Buffer.from(u32(value)).reverse())
  const n16 = (value: number) => (big ? u16(value) : Buffer.from(u16(value)).reverse())
  const head = [
    n32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    n16(2),
    n16(4),
    n32(0),
    n32(0),
    n32(65_535),
    n32(1),
  ]
  return joined([
    ...head,
    ...segments.flatMap(segment => {
      const bytes = packet('ethernet', segment)
      const { at = 0 } = segment
      const fraction = (at % 1e6) * (nanoseconds ? 1000 : 1)
      return [
        n32(CAPTURED_AT + Math.floor(at / 1e6)),
        n32(fraction),
        n32(bytes.length),
        n32(bytes.length),
        bytes,
      ]
    }),
  ])
}

/** The segments of a whole connection: handshake, these bytes in segments of at most `mss`, FINs. */
export function wholeConnection(
  chunks: readonly { readonly from: Role; readonly bytes: Uint8Array }[],
  { mss = 1460, ...rest }: { readonly mss?: number; readonly port?: number; readonly base?: number } = {},
): Segment[] {
  const sent = { client: 0, server: 0 }
  const data = chunks.flatMap(({ from, bytes }) => {
    const segments: Segment[] = []
    for (let at = 0; at < bytes.length; at += mss) {
      const payload = bytes.subarray(at, at + mss)
      segments.push({ from, place: sent[from], payload })
      sent[from] += payload.length
    }
    return segments
  })
  const all: Segment[] = [
    { from: 'client', flags: 'S' },
    { from: 'server', flags: 'SA' },
    { from: 'client', flags: 'A' },
    ...data,
    { from: 'client', flags: 'F', place: sent.client },
    { from: 'server', flags: 'F', place: sent.server },
    { from: 'client', flags: 'A', place: sent.client + 1 },
  ]
  return all.map((segment, i) => ({ ...segment, ...rest, at: i * 1000 }))
}
