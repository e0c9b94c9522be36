import { BlockList, isIP } from 'node:net'
import type { Clock } from './clock.ts'
import type { Limits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** The limits that are kept for each address. */
export type AddressLimit = 'addressConnections' | 'addressConnectionsPerMinute'

interface Known {
  connections: number
  readonly arrivals: TokenBucket
}

const MINUTE_S = 60

/** How many connections each address has and opens. One is an IPv4 address or an IPv6 network of 64 bits. */
export class Addresses {
  readonly #limits: Pick<Limits, AddressLimit>
  readonly #clock: Clock
  readonly #known = new Map<string, Known>()

  constructor(limits: Pick<Limits, AddressLimit>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Addresses that anything is remembered of. */
  get size(): number {
    return this.#known.size
  }

  /**
   * Takes in one more connection of an address, or says which limit is against it. This machine's own are not counted.
   * @returns how to take it out again
   */
  admit(address: string): AddressLimit | (() => void) {
    const network = networkOf(address)
    if (network === undefined) return () => {}
    const known = this.#known.get(network) ?? this.#begin(network)
    if (known.connections >= this.#limits.addressConnections) return 'addressConnections'
    if (!known.arrivals.take()) return 'addressConnectionsPerMinute'
    known.connections++
    return () => known.connections--
  }

  /** Forgets whoever has no connection and has opened none for a while. */
  forgetQuiet(): void {
    for (const [network, { connections, arrivals }] of this.#known)
      if (connections === 0 && arrivals.isFull) this.#known.delete(network)
  }

  #begin(network: string): Known {
    const perMinute = this.#limits.addressConnectionsPerMinute
    const arrivals = new TokenBucket(this.#clock, { perSecond: perMinute / MINUTE_S, burst: perMinute })
    const known = { connections: 0, arrivals }
    this.#known.set(network, known)
    return known
  }
}

/** Whose an address is: itself, or of IPv6 the network of 64 bits that one household has; undefined for loopback. */
function networkOf(address: string): string | undefined {
  const plain = withoutMapping(address)
  if (isLoopback(plain)) return undefined
  return isIP(plain) === 6 ? groupsOf(plain).slice(0, 4).join(':') : plain
}

/** An IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2), as a socket that listens on both has it. */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** All eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map(group => group.replace(/^0+(?=.)/, ''))
}

/** Proxies whose word about their clients' addresses counts. */
export class TrustedProxies {
  readonly #list = new BlockList()

  /**
   * @param networks addresses, or networks as in `10.0.0.0/8`
   * @throws TypeError when one is neither
   */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/')
      const version = isIP(address)
      const bits = version === 4 ? 32 : 128
      if (version === 0 || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)))
        throw new TypeError(`${network} is no address or network`)
      this.#list.addSubnet(address, Number(prefix ?? bits), version === 4 ? 'ipv4' : 'ipv6')
    }
  }

  has(address: string): boolean {
    const plain = withoutMapping(address)
    const version = isIP(plain)
    return version !== 0 && this.#list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }

  /**
   * Who asks: the peer, or whom the proxies in a row before it name.
   * @param forwarded `X-Forwarded-For`: each proxy has added its client's address at the end
   */
  clientOf(peer: string, forwarded: string | undefined): string {
    const named = (forwarded ?? '').split(',').map(each => each.trim())
    let client = peer
    while (this.has(client)) {
      const before = named.pop()
      if (before === undefined || isIP(before) === 0) break
      client = before
    }
    return client
  }
}
