import { describe, expect, test } from 'vitest'
import { readAddress } from '../../../src/wire/ws-address.ts'

const PLAIN = new URL('http://course.example/lessons/ws-and-wss/')
const SECURE = new URL('https://course.example/lessons/ws-and-wss/')

describe('an address that new WebSocket() takes', () => {
  test.each([
    ['ws://chat.example', PLAIN, 'ws://chat.example/', 80, ['default-port', 'path']],
    ['wss://chat.example/room?a=1', PLAIN, 'wss://chat.example/room?a=1', 443, ['default-port']],
    ['ws://chat.example:8080/', PLAIN, 'ws://chat.example:8080/', 8080, []],
    ['http://chat.example/', PLAIN, 'ws://chat.example/', 80, ['http', 'default-port']],
    ['https://chat.example/', PLAIN, 'wss://chat.example/', 443, ['https', 'default-port']],
    ['/live', PLAIN, 'ws://course.example/live', 80, ['relative', 'default-port']],
    ['/live', SECURE, 'wss://course.example/live', 443, ['relative', 'default-port']],
    ['live', SECURE, 'wss://course.example/lessons/ws-and-wss/live', 443, ['relative', 'default-port']],
    ['ws://127.0.0.1:8787/lab/echo', SECURE, 'ws://127.0.0.1:8787/lab/echo', 8787, []],
    ['ws://room.localhost:8787/', SECURE, 'ws://room.localhost:8787/', 8787, []],
  ] as const)('%s on %s', (address, page, url, port, changes) => {
    expect(readAddress(address, page)).toMatchObject({ url, port, changes, trouble: undefined })
  })
})

describe('an address that it does not take', () => {
  test.each([
    ['ftp://files.example/', PLAIN, 'scheme'],
    ['mailto:someone@chat.example', PLAIN, 'scheme'],
    ['ws://', PLAIN, 'unreadable'],
    ['ws://chat example/', PLAIN, 'unreadable'],
    ['ws://chat.example/#here', PLAIN, 'fragment'],
    ['ws://chat.example/#', PLAIN, 'fragment'],
    ['', new URL('http://course.example/#top'), undefined],
  ] as const)('%j on %s', (address, page, trouble) => {
    const read = readAddress(address, page)
    expect(read.trouble).toBe(trouble)
    expect(read.url === undefined).toBe(trouble !== undefined)
  })
})

describe('an address that is taken and not opened', () => {
  test.each([
    ['ws://chat.example:25/', PLAIN, 'port'],
    ['ws://chat.example/', SECURE, 'mixed-content'],
    ['http://chat.example/', SECURE, 'mixed-content'],
  ] as const)('%s on %s', (address, page, trouble) => {
    expect(readAddress(address, page)).toMatchObject({ trouble, url: expect.stringMatching(/^ws:/) })
  })
})
