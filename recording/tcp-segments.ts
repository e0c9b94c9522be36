import { peerOf, type Role } from '#protocol/role.ts'

/** TCP's control bits (RFC 9293 §3.1). */
export const TCP_FLAGS = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const

/** Payload of the longest segment, in bytes: what an Ethernet frame of 1500 bytes leaves (RFC 9293 §3.7.1). */
export const MSS = 1460

const ETHERNET = 14
const IPV4 = 20
const TCP = 20
const MSS_OPTION = 4
const FLAGS_AT = 13
const IPV4_ETHERTYPE = 0x0800
const TCP_PROTOCOL = 6
const DONT_FRAGMENT = 0x4000
const TTL = 64
const WINDOW = 0xffff

/** What is missing beyond this many bytes is left out of the sequence numbers: they wrap at four times as much. */
const MAX_SKIP = 1 << 30

/** One end of a synthesised connection. */
export interface Endpoint {
  /** Six bytes. */
  readonly mac: readonly number[]
  /** IPv4 address, four bytes. */
  readonly ip: readonly number[]
  readonly port: number
}

interface Side extends Endpoint {
  /** Sequence number of the next byte it sends. */
  next: number
  /** Segments it received and did not acknowledge yet. */
  unacknowledged: number
  packets: number
}

/** Initial sequence numbers: any would do; these are the same in every export. */
const INITIAL = { client: 0x1000_0000, server: 0x2000_0000 } as const

/**
 * Makes the Ethernet frames of one TCP connection over IPv4, checksums included. Nothing of it was on a wire: an
 * export needs some packets to carry the bytes that were.
 */
export class TcpSegments {
  readonly #sides: Readonly<Record<Role, Side>>

  constructor(ends: Readonly<Record<Role, Endpoint>>) {
    const side = (role: Role): Side => ({ ...ends[role], next: INITIAL[role], unacknowledged: 0, packets: 0 })
    this.#sides = { client: side('client'), server: side('server') }
  }

  /** SYN, SYN/ACK, ACK. */
  handshake(): Uint8Array[] {
    const { syn, ack } = TCP_FLAGS
    return [this.#packet('client', syn), this.#packet('server', syn | ack), this.#packet('client', ack)]
  }

  /**
   * Carries bytes in segments; the last one has PSH and no other. Every second segment is acknowledged at once, as
   * RFC 5681 §4.2 asks; nothing travels only to acknowledge the rest, which later segments do.
   */
  data(from: Role, bytes: Uint8Array): Uint8Array[] {
    const { psh, ack } = TCP_FLAGS
    const packets: Uint8Array[] = []
    const receiver = this.#sides[peerOf(from)]
    for (let at = 0; at === 0 || at < bytes.length; at += MSS) {
      const end = at + MSS
      packets.push(this.#packet(from, end < bytes.length ? ack : ack | psh, bytes.subarray(at, end)))
      if (++receiver.unacknowledged === 2) packets.push(this.acknowledge(peerOf(from)))
    }
    return packets
  }

  /** An ACK and nothing else. */
  acknowledge(from: Role): Uint8Array {
    return this.#packet(from, TCP_FLAGS.ack)
  }

  /** FIN, and its ACK. */
  fin(from: Role): Uint8Array[] {
    return [this.#packet(from, TCP_FLAGS.fin | TCP_FLAGS.ack), this.acknowledge(peerOf(from))]
  }

  reset(from: Role): Uint8Array {
    return this.#packet(from, TCP_FLAGS.rst | TCP_FLAGS.ack)
  }

  /** Leaves out sequence numbers, as for bytes that nobody captured, and shows with an ACK where it goes on. */
  skip(from: Role, bytes: number): Uint8Array {
    this.#advance(from, Math.min(bytes, MAX_SKIP))
    return this.acknowledge(from)
  }

  #advance(from: Role, by: number): void {
    const side = this.#sides[from]
    side.next = (side.next + by) % 2 ** 32
  }

  #packet(from: Role, flags: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
    const source = this.#sides[from]
    const target = this.#sides[peerOf(from)]
    const isSyn = (flags & TCP_FLAGS.syn) !== 0
    const tcpHead = TCP + (isSyn ? MSS_OPTION : 0)
    const packet = new Uint8Array(ETHERNET + IPV4 + tcpHead + payload.length)
    const view = new DataView(packet.buffer)
    packet.set(target.mac, 0)
    packet.set(source.mac, 6)
    view.setUint16(12, IPV4_ETHERTYPE)

    const ip = ETHERNET
    view.setUint8(ip, 0x45)
    view.setUint16(ip + 2, packet.length - ETHERNET)
    view.setUint16(ip + 4, ++source.packets & 0xffff)
    view.setUint16(ip + 6, DONT_FRAGMENT)
    view.setUint8(ip + 8, TTL)
    view.setUint8(ip + 9, TCP_PROTOCOL)
    packet.set(source.ip, ip + 12)
    packet.set(target.ip, ip + 16)
    view.setUint16(ip + 10, checksum(packet.subarray(ip, ip + IPV4), 0))

    const tcp = ip + IPV4
    view.setUint16(tcp, source.port)
    view.setUint16(tcp + 2, target.port)
    view.setUint32(tcp + 4, source.next)
    if (flags & TCP_FLAGS.ack) view.setUint32(tcp + 8, target.next)
    view.setUint8(tcp + 12, (tcpHead / 4) << 4)
    view.setUint8(tcp + FLAGS_AT, flags)
    view.setUint16(tcp + 14, WINDOW)
    if (isSyn) packet.set([2, MSS_OPTION, MSS >> 8, MSS & 0xff], tcp + TCP)
    packet.set(payload, tcp + tcpHead)
    // The pseudo-header: both addresses, the protocol and the segment's length (RFC 9293 §3.1).
    const pseudo = sum(packet.subarray(ip + 12, ip + 20)) + TCP_PROTOCOL + packet.length - tcp
    view.setUint16(tcp + 16, checksum(packet.subarray(tcp), pseudo))

    const flagged = flags & (TCP_FLAGS.syn | TCP_FLAGS.fin) ? 1 : 0
    this.#advance(from, payload.length + flagged)
    source.unacknowledged = 0
    return packet
  }
}

/** Whether a packet of these has PSH: a chunk ends with it. */
export function isPush(packet: Uint8Array): boolean {
  return ((packet[ETHERNET + IPV4 + FLAGS_AT] ?? 0) & TCP_FLAGS.psh) !== 0
}

/** Internet checksum (RFC 1071). */
function checksum(bytes: Uint8Array, start: number): number {
  let folded = start + sum(bytes)
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}

/** Sum of 16-bit words, the last one filled up with zero. */
function sum(bytes: Uint8Array): number {
  let total = 0
  for (let i = 0; i < bytes.length; i += 2) total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)
  return total
}
