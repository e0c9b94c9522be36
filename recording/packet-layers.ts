import { latin1 } from '#protocol/latin1.ts'
import { LINKS } from './pcapng-blocks.ts'
import { TCP_FLAGS } from './tcp-segments.ts'

/** A TCP segment as a packet carried it. */
export interface TcpSegment {
  /** Address and port of the sender, in one string. */
  readonly source: string
  readonly target: string
  /** Sequence number of the first byte of the payload; SYN is not counted. */
  readonly sequence: number
  /** Control bits (`TCP_FLAGS`). */
  readonly flags: number
  /** As far as it was captured. */
  readonly payload: Uint8Array
}

/** Why a packet holds no segment: its link type is not known, or it is no whole TCP over IP. */
export type NoSegment = 'link' | 'other'

const IPV4 = 0x0800
const IPV6 = 0x86dd
/** VLAN tags (IEEE 802.1Q, 802.1ad and one older). */
const TAGS = [0x8100, 0x88a8, 0x9100]
/** Address families of IPv6 in the heads of BSD's, macOS's and Linux's loopback. */
const BSD_IPV6 = [10, 24, 28, 30]
const BSD_IPV4 = 2
/** OpenBSD's and older BPF's numbers for raw IP. */
const OTHER_RAW = [12, 14]

const TCP = 6
/** Extension heads of IPv6 (RFC 8200 §4): hop-by-hop, routing and destination options count in whole units of 8 bytes. */
const WHOLE_UNITS = [0, 43, 60]
const FRAGMENT = 44
const AUTHENTICATION = 51

/** Finds the TCP segment in a packet. What is cut off or makes no sense is `other`; it never throws. */
export function segmentOf(link: number, packet: Uint8Array): TcpSegment | NoSegment {
  const network = networkOf(link, packet)
  if (network === 'link' || network === 'other') return network
  const version = (network[0] ?? 0) >> 4
  if (version === 4) return inIpv4(network)
  return version === 6 ? inIpv6(network) : 'other'
}

/** The IP datagram behind the link's head. */
function networkOf(link: number, packet: Uint8Array): Uint8Array | 'link' | 'other' {
  switch (link) {
    case LINKS.ethernet:
      return behindType(packet, 12)
    case LINKS.linuxCooked:
      return behindType(packet, 14)
    case LINKS.linuxCooked2:
      return isIp(word(packet, 0)) ? packet.subarray(20) : 'other'
    case LINKS.null:
    case LINKS.loop: {
      // In the byte order of the machine that captured; only the lowest byte is ever used.
      const family = Math.max(packet[0] ?? 0, packet[3] ?? 0)
      return family === BSD_IPV4 || BSD_IPV6.includes(family) ? packet.subarray(4) : 'other'
    }
    case LINKS.raw:
    case LINKS.ipv4:
    case LINKS.ipv6:
      return packet
    default:
      return OTHER_RAW.includes(link) ? packet : 'link'
  }
}

/** What follows an EtherType at an offset, VLAN tags passed over. */
function behindType(packet: Uint8Array, at: number): Uint8Array | 'other' {
  let type = at
  while (TAGS.includes(word(packet, type))) type += 4
  return isIp(word(packet, type)) ? packet.subarray(type + 2) : 'other'
}

function isIp(type: number): boolean {
  return type === IPV4 || type === IPV6
}

function inIpv4(datagram: Uint8Array): TcpSegment | NoSegment {
  const head = ((datagram[0] ?? 0) & 0xf) * 4
  if (head < 20 || datagram.length < head || datagram[9] !== TCP) return 'other'
  // More fragments, or not the first.
  if ((word(datagram, 6) & 0x3fff) !== 0) return 'other'
  // The kernel writes 0 into what it has not cut into packets yet and is longer than 64 KiB.
  const total = word(datagram, 2) || datagram.length
  const addresses = [datagram.subarray(12, 16), datagram.subarray(16, 20)] as const
  return inTcp(datagram.subarray(head, Math.max(head, total)), addresses)
}

function inIpv6(datagram: Uint8Array): TcpSegment | NoSegment {
  if (datagram.length < 40) return 'other'
  const addresses = [datagram.subarray(8, 24), datagram.subarray(24, 40)] as const
  const length = word(datagram, 4)
  const payload = datagram.subarray(40, length === 0 ? datagram.length : 40 + length)
  let next = datagram[6] ?? 0
  let at = 0
  while (at + 8 <= payload.length) {
    if (next === TCP) return inTcp(payload.subarray(at), addresses)
    const here = next
    const start = at
    const units = payload[at + 1] ?? 0
    if (here === FRAGMENT) {
      // An offset, or more fragments to come; a datagram in one piece may have this head too.
      if ((word(payload, at + 2) & 0xfff9) !== 0) return 'other'
      at += 8
    } else if (here === AUTHENTICATION) at += (units + 2) * 4
    else if (WHOLE_UNITS.includes(here)) at += (units + 1) * 8
    else return 'other'
    next = payload[start] ?? 0
  }
  return 'other'
}

function inTcp(
  segment: Uint8Array,
  [source, target]: readonly [Uint8Array, Uint8Array],
): TcpSegment | NoSegment {
  const head = ((segment[12] ?? 0) >> 4) * 4
  if (head < 20 || segment.length < head) return 'other'
  const flags = segment[13] ?? 0
  return {
    source: `${latin1(source)}:${word(segment, 0)}`,
    target: `${latin1(target)}:${word(segment, 2)}`,
    sequence: (word(segment, 4) * 0x10000 + word(segment, 6) + (flags & TCP_FLAGS.syn ? 1 : 0)) % 2 ** 32,
    flags,
    payload: segment.subarray(head),
  }
}

/** 16 bits, most significant first; 0 beyond the end. */
function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
