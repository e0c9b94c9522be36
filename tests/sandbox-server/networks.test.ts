import { describe, expect, test } from 'vitest'
import { clientOf, Networks } from '../../sandbox-server/networks.ts'

describe('whom a proxy speaks for', () => {
  const proxies = new Networks(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'])

  test.each([
    ['nobody but itself, when it is not trusted', '192.0.2.9', '198.51.100.1', '192.0.2.9'],
    ['the last it names', '127.0.0.1', 'nonsense, 203.0.113.5', '203.0.113.5'],
    [
      'the first behind a row of trusted ones',
      '127.0.0.1',
      '203.0.113.5, 198.51.100.1, 10.1.2.3',
      '198.51.100.1',
    ],
    ['itself, when it names nobody', '10.0.0.1', undefined, '10.0.0.1'],
    ['itself, when what it names is no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['a client of IPv6', '::ffff:10.0.0.1', '2001:470::7', '2001:470::7'],
    ['the farthest there is, when all are trusted', '127.0.0.1', '10.0.0.2, 10.0.0.1', '10.0.0.2'],
  ])('is %s', (_what, peer, forwarded, client) => {
    expect(clientOf(proxies, peer, forwarded)).toBe(client)
  })

  test.each(['10.0.0.0/33', 'example.org', '10.0.0.1/x', '2001:db8::/129', ''])('refuses "%s"', network => {
    expect(() => new Networks([network])).toThrow(TypeError)
  })
})
