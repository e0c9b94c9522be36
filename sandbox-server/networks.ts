import { BlockList, isIP } from 'node:net'

/** A set of addresses and networks. */
export class Networks {
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
}

/**
 * Who asks: the peer, or whom the trusted proxies in a row before it name.
 * @param forwarded `X-Forwarded-For`: each proxy has added its client's address at the end
 */
export function clientOf(trusted: Networks, peer: string, forwarded: string | undefined): string {
  const named = (forwarded ?? '').split(',').map(each => each.trim())
  let client = peer
  while (trusted.has(client)) {
    const before = named.pop()
    if (before === undefined || isIP(before) === 0) break
    client = before
  }
  return client
}

/** An IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2), as a socket that listens on both has it. */
export function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** All eight groups of an IPv6 address. */
export function groupsOf(address: string): string[] {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(zeros).fill('0'), ...after].map(group => group.replace(/^0+(?=.)/, ''))
}
