import { expect, test } from 'vitest'
import { sandboxAddress } from '../../../src/sandbox/address.ts'

const address = (page: string, configured?: string) => sandboxAddress(new URL(page), configured)

test('without a setting the sandbox is where the page came from', () => {
  const { control, lab } = address('http://127.0.0.1:8787/lessons/handshake/')
  expect(control).toBe('ws://127.0.0.1:8787/control')
  expect(lab('echo', 'a/b')).toBe('ws://127.0.0.1:8787/lab/echo?ticket=a%2Fb')
})

test.each([
  ['https://sandbox.example/', 'wss://sandbox.example/control'],
  ['wss://sandbox.example/deep/', 'wss://sandbox.example/deep/control'],
  ['http://127.0.0.1:9000', 'ws://127.0.0.1:9000/control'],
])('%s has its control channel at %s', (configured, control) => {
  expect(address('https://course.example/', configured).control).toBe(control)
})

test('an address of another scheme is refused by name', () => {
  expect(() => address('https://course.example/', 'ftp://x/')).toThrow('PUBLIC_SANDBOX_URL: ftp:')
})

test.each([
  ['https://course.example/', 'ws://127.0.0.1:8787', true],
  ['https://course.example/', 'ws://[::1]:8787', true],
  ['https://course.example/', 'ws://192.168.0.7:8787', true],
  ['https://course.example/', 'wss://sandbox.example', false],
  ['http://localhost:4321/', 'ws://127.0.0.1:8787', false],
])('from %s to %s crosses into the local network: %s', (page, configured, crosses) => {
  expect(address(page, configured).crossesIntoLocalNetwork).toBe(crosses)
})
