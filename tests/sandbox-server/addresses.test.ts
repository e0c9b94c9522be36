import { describe, expect, test } from 'vitest'
import { Addresses } from '../../sandbox-server/addresses.ts'

describe('connections of an address', () => {
  function addresses(limits = { addressConnections: 2, addressConnectionsPerMinute: 6 }) {
    const clock = { now: 0 }
    return { clock, book: new Addresses(limits, () => clock.now) }
  }
  /** Lets one in that has to be let in. */
  function admit(book: Addresses, address: string): () => void {
    const admitted = book.admit(address)
    if (typeof admitted === 'string') throw new Error(admitted)
    return admitted ?? (() => {})
  }

  test('are so many at once, and others are not touched by that', () => {
    const { book } = addresses()
    const end = admit(book, '192.0.2.1')
    admit(book, '192.0.2.1')
    expect(book.admit('192.0.2.1')).toBe('addressConnections')
    admit(book, '192.0.2.2')
    end()
    admit(book, '192.0.2.1')
  })

  test('are so many in a minute, however short they live', () => {
    const { book, clock } = addresses()
    for (let count = 0; count < 6; count++) admit(book, '192.0.2.1')()
    expect(book.admit('192.0.2.1')).toBe('addressConnectionsPerMinute')
    clock.now += 10e6
    admit(book, '192.0.2.1')()
    expect(book.admit('192.0.2.1')).toBe('addressConnectionsPerMinute')
  })

  test.each([
    ['the same written otherwise', '2001:db8::1', '2001:0DB8:0:0:0:0:0:1'],
    ['another of the same network', '2001:db8::1', '2001:db8::ffff:0:1'],
    ['IPv4 on a socket of IPv6', '192.0.2.1', '::ffff:192.0.2.1'],
    ['with a zone', 'fe80::1', 'fe80::2%eth0'],
  ])('count together: %s', (_what, one, other) => {
    const { book } = addresses({ addressConnections: 1, addressConnectionsPerMinute: 9 })
    admit(book, one)
    expect(book.admit(other)).toBe('addressConnections')
  })

  test('of other networks count apart', () => {
    const { book } = addresses({ addressConnections: 1, addressConnectionsPerMinute: 9 })
    for (const address of ['2001:db8::1', '2001:db8:0:1::1', '::1:0:0:0:1', '192.0.2.1']) admit(book, address)
    expect(book.size).toBe(4)
  })

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('of %s are not counted', address => {
    const { book } = addresses()
    for (let count = 0; count < 50; count++) admit(book, address)
    expect(book.size).toBe(0)
  })

  test('are forgotten when none is open and none was opened for a while', () => {
    const { book, clock } = addresses()
    const end = admit(book, '192.0.2.1')
    admit(book, '192.0.2.2')()
    book.forgetQuiet()
    expect(book.size).toBe(2)
    clock.now += 60e6
    book.forgetQuiet()
    expect(book.size).toBe(1)
    end()
    book.forgetQuiet()
    expect(book.size).toBe(0)
  })
})
