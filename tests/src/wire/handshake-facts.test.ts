import { describe, expect, test } from 'vitest'
import { parseRequestHead, parseResponseHead } from '#protocol/http-head.ts'
import { checkRequest, checkResponse } from '#protocol/handshake.ts'
import {
  acceptFacts,
  checkWords,
  deflateSentences,
  handshakeVerdict,
  negotiationOf,
  proxyFields,
  proxySentence,
} from '../../../src/wire/handshake-facts.ts'

const bytes = (...lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`)

const request = parseRequestHead(
  bytes(
    'GET /chat HTTP/1.1',
    'Host: example.com',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'X-Forwarded-For: 203.0.113.7',
    'X-Forwarded-Proto: https',
    'Via: 1.1 proxy',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: a, b',
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  ),
)
const response = parseResponseHead(
  bytes(
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    'Sec-WebSocket-Protocol: b',
    'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_max_window_bits=12',
  ),
)

describe('the facts of a handshake', () => {
  test('have the accept computation of RFC 6455 §1.3 with this connection’s values', () => {
    const facts = acceptFacts(request, response)
    expect(facts).toMatchObject({
      key: 'dGhlIHNhbXBsZSBub25jZQ==',
      accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      sent: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    })
    expect(Buffer.from(facts?.digest ?? []).toString('hex')).toMatch(/^b37a4f2c/)
  })

  test('call a refusal what it is, and no broken rule', () => {
    const refused = parseResponseHead(bytes('HTTP/1.1 404 Not Found', 'Content-Length: 0'))
    expect(handshakeVerdict([], checkResponse(refused, request))).toBe(
      '상태 코드 404 응답이어서 연결이 열리지 않았습니다.',
    )
  })

  test('have what was offered and what was agreed', () => {
    expect(negotiationOf(request, response)).toEqual({
      subprotocols: { offered: ['a', 'b'], chosen: 'b' },
      extensions: {
        offered: ['permessage-deflate; client_max_window_bits'],
        agreed: ['permessage-deflate; server_no_context_takeover; client_max_window_bits=12'],
      },
      deflate: { serverNoContextTakeover: true, clientNoContextTakeover: false, clientMaxWindowBits: 12 },
    })
    expect(negotiationOf(request, undefined).subprotocols.chosen).toBeUndefined()
  })

  test('say what agreed compression means', () => {
    const { deflate } = negotiationOf(request, response)
    expect(deflate && deflateSentences(deflate)).toEqual([
      '클라이언트는 창 4,096바이트로 압축하며, 메시지마다 창을 이어 씁니다.',
      '서버는 창 32,768바이트로 압축하며, 메시지마다 창을 비웁니다.',
    ])
  })

  test('point out what a proxy added, and nothing that a browser sends', () => {
    expect(proxyFields(request)).toEqual(['X-Forwarded-For', 'X-Forwarded-Proto', 'Via'])
    for (const name of ['Host', 'Origin', 'Cookie', 'User-Agent', 'Sec-WebSocket-Key', 'Accept-Language'])
      expect(proxySentence(name)).toBeUndefined()
  })

  test('have every rule that was checked, in words', () => {
    const words = checkWords(checkRequest(request))
    expect(words.every(({ ok, title, sentence, section }) => ok && title && sentence && section)).toBe(true)
    expect(words.map(({ field }) => field)).toContain('Sec-WebSocket-Key')
  })

  test('end in one line', () => {
    const good = checkRequest(request)
    expect(handshakeVerdict(good, checkResponse(response, request))).toContain('모든 규칙을 지켰습니다')
    const bad = parseResponseHead(bytes('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'))
    expect(handshakeVerdict(good, checkResponse(bad, request))).toMatch(/^응답이 규칙 \d+개를 어겼습니다\.$/)
  })
})
