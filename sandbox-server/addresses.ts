import { isIP } from 'node:net'
import type { Clock } from './clock.ts'
import { isLoopbackName } from './host-name.ts'
import type { Limits } from './limits.ts'
import { groupsOf, withoutMapping } from './networks.ts'
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
   * @returns how to take it out again, if it is counted
   */
  admit(address: string): AddressLimit | (() => void) | undefined {
    const network = networkOf(address)
    if (network === undefined) return undefined
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
  if (isLoopbackName(plain)) return undefined
  return isIP(plain) === 6 ? groupsOf(plain).slice(0, 4).join(':') : plain
}
