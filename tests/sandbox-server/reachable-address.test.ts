import { expect, test } from 'vitest'
import { readConfig } from '../../sandbox-server/config.ts'
import { reachableAuthority } from '../../sandbox-server/reachable-address.ts'

test.each([
  ['127.0.0.1', '', '127.0.0.1:8787'],
  ['localhost', '', 'localhost:8787'],
  ['::1', '', '[::1]:8787'],
  ['192.168.0.7', 'https://course.example', '192.168.0.7:8787'],
  ['0.0.0.0', 'https://course.example', '127.0.0.1:8787'],
  ['0', 'https://course.example', '127.0.0.1:8787'],
  ['::', 'https://course.example', '[::1]:8787'],
  ['::0', 'https://course.example', '[::1]:8787'],
  ['0.0.0.0', 'http://192.168.0.7:9999,http://192.168.0.7:8787', '192.168.0.7:8787'],
])('a sandbox on HOST=%s with PUBLIC_ORIGINS=%s is opened at %s', (HOST, PUBLIC_ORIGINS, authority) => {
  expect(reachableAuthority(readConfig({ HOST, PUBLIC_ORIGINS }), 8787)).toBe(authority)
})
