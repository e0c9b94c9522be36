import { expect, test } from 'vitest'
import { checkRequest } from '#protocol/handshake.ts'
import { parseRequestHead } from '#protocol/http-head.ts'
import { acceptance } from '../../../../src/inspector/sources/served-session.ts'
import { headBytes, requestText } from '../../../../src/inspector/sources/request-text.ts'
import { checkResponse } from '#protocol/handshake.ts'
import { parseResponseHead } from '#protocol/http-head.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const wishes = {
  lab: 'echo',
  host: '127.0.0.1:8787',
  origin: 'http://127.0.0.1:8787',
  subprotocols: ['a', 'b'],
  deflate: true,
}

test('a raw client’s request keeps every rule, with a key of its own each time', () => {
  const [one, two] = [requestText(wishes, random), requestText(wishes, random)]
  const head = parseRequestHead(headBytes(one))
  expect(checkRequest(head).filter(({ ok }) => !ok)).toEqual([])
  expect(head.target).toBe('/lab/echo')
  expect(one).not.toBe(two)
})

test('a head that was typed has the line ends of HTTP, whatever was typed', () => {
  expect(Buffer.from(headBytes('GET / HTTP/1.1\nHost: x\r\n\n')).toString()).toBe(
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  )
})

test('the response of a played server accepts the request by every rule', () => {
  const request = parseRequestHead(headBytes(requestText(wishes, random)))
  const response = parseResponseHead(headBytes(acceptance(request)))
  expect(checkResponse(response, request).filter(({ ok }) => !ok)).toEqual([])
  expect(acceptance(request)).toContain('Sec-WebSocket-Protocol: a')
})
