import { describe, expect, it } from 'vitest'
import { acceptFor } from '#protocol/accept.ts'
import { acceptDeflate, formatDeflate, parseDeflate } from '#protocol/deflate.ts'
import { formatExtension, parseExtensions } from '#protocol/extensions.ts'
import { agreedDeflate, checkRequest, checkResponse, violationsOf } from '#protocol/handshake.ts'
import { latin1 } from '#protocol/latin1.ts'
import { refusalOf } from '#protocol/refusal.ts'
import { request, response } from './bytes.ts'

describe('the handshake of RFC 6455 §1.2', () => {
  it('keeps every rule that applies to it, each named with its header and value', () => {
    const checks = checkRequest(request())
    expect(checks.every(check => check.ok)).toBe(true)
    expect(checks.map(({ rule, field, found }) => [rule, field, found])).toEqual([
      ['request-method', undefined, 'GET'],
      ['request-http-version', undefined, 'HTTP/1.1'],
      ['request-target', undefined, '/chat'],
      ['request-host', 'Host', 'server.example.com'],
      ['request-upgrade', 'Upgrade', 'websocket'],
      ['request-connection', 'Connection', 'Upgrade'],
      ['request-key', 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['request-key-once', 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['request-key-length', 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
      ['request-origin', 'Origin', 'http://example.com'],
      ['request-version-once', 'Sec-WebSocket-Version', '13'],
      ['request-version-grammar', 'Sec-WebSocket-Version', '13'],
      ['request-version', 'Sec-WebSocket-Version', '13'],
      ['request-subprotocol-token', 'Sec-WebSocket-Protocol', 'chat, superchat'],
      ['request-subprotocol-unique', 'Sec-WebSocket-Protocol', 'chat, superchat'],
    ])
    expect(refusalOf(checks)).toBeUndefined()
    const answered = checkResponse(response(), request())
    expect(answered.every(check => check.ok)).toBe(true)
    expect(answered.map(check => check.rule)).toEqual([
      'response-http-version',
      'response-status',
      'response-upgrade',
      'response-connection',
      'response-accept',
      'response-accept-once',
      'response-subprotocol-once',
      'response-subprotocol-token',
      'response-subprotocol-offered',
      'response-to-bad-request',
    ])
  })

  it('is judged as far as it goes when the request is not known', () => {
    expect(checkResponse(response(), undefined).map(check => check.rule)).toEqual([
      'response-http-version',
      'response-status',
      'response-upgrade',
      'response-connection',
      'response-accept-once',
      'response-subprotocol-once',
      'response-subprotocol-token',
    ])
  })
})

describe('heads of a mebibyte', () => {
  const many = (value: string, times: number) => Array<string>(times).fill(value)

  it.each([
    ['extensions', { 'Sec-WebSocket-Extensions': `${'a,'.repeat(250_000)}z` }, 'z,'.repeat(250_000)],
    ['answers to a long key', { 'Sec-WebSocket-Key': 'a'.repeat(500_000) }, ''],
  ])('are judged in time: %s', (_, asked, agreed) => {
    const accepts = many(acceptFor('a'.repeat(500_000)), 10_000)
    const checks = checkResponse(
      response({
        ...(agreed !== '' && { 'Sec-WebSocket-Extensions': agreed }),
        'Sec-WebSocket-Accept': accepts,
        'Sec-WebSocket-Protocol': many('chat', 10_000),
      }),
      request({ ...asked, 'Sec-WebSocket-Protocol': `${'a,'.repeat(250_000)}chat` }),
    )
    expect(checks.find(({ rule }) => rule === 'response-subprotocol-offered')?.ok).toBe(true)
    expect(checks.find(({ rule }) => rule === 'response-accept')?.ok).toBe(agreed === '')
    expect(checks.find(({ rule }) => rule === 'response-extension-offered')?.ok).toBe(
      agreed === '' ? undefined : true,
    )
  })
})

describe('a check', () => {
  const places = (changes: Parameters<typeof request>[0]) => {
    const head = request(changes)
    return Object.fromEntries(
      checkRequest(head)
        .filter(each => !each.ok)
        .map(({ rule, at }) => [rule, latin1(head.bytes, at.start, at.end)]),
    )
  }

  it.each([
    [
      { '': 'POST * HTTP/1.0' },
      { 'request-method': 'POST', 'request-http-version': 'HTTP/1.0', 'request-target': '*' },
    ],
    [{ Host: ['a', 'b'] }, { 'request-host': 'b' }],
    [{ Upgrade: 'h2c' }, { 'request-upgrade': 'h2c' }],
    [{ 'Sec-WebSocket-Version': ['8', '8 '] }, { 'request-version-once': '8', 'request-version': '8' }],
    [{ 'Sec-WebSocket-Key': null }, { 'request-key': '\r\n' }],
  ])('of %j says at which bytes of the head it failed', (changes, expected) => {
    expect(places(changes)).toEqual(expected)
  })

  it('that failed is a violation by who wrote the head, at its offset there', () => {
    const head = request({ Upgrade: 'h2c' })
    const offset = Buffer.from(head.bytes).indexOf('h2c')
    expect(violationsOf(checkRequest(head))).toEqual([
      { rule: 'request-upgrade', by: 'client', offset, closeCode: undefined },
    ])
    expect(violationsOf(checkResponse(response({ '': 'HTTP/1.1 200 OK' }), request()))).toEqual([
      { rule: 'response-status', by: 'server', offset: 9, closeCode: undefined },
    ])
  })
})

describe('a refusal', () => {
  const upgrade = [
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Version', '13'],
  ]

  it.each([
    ['POST', { '': 'POST /chat HTTP/1.1' }, 405, [['Allow', 'GET']]],
    ['HTTP/1.0', { '': 'GET /chat HTTP/1.0' }, 400, []],
    ['a missing Host', { Host: null }, 400, []],
    [
      'a plain GET',
      { Upgrade: null, Connection: null, 'Sec-WebSocket-Key': null, 'Sec-WebSocket-Version': null },
      426,
      upgrade,
    ],
    ['version 8', { 'Sec-WebSocket-Version': '8' }, 426, upgrade],
    ['no version', { 'Sec-WebSocket-Version': null }, 426, upgrade],
    ['a version with leading zeros', { 'Sec-WebSocket-Version': '013' }, 426, upgrade],
    ['version 0 without a key', { 'Sec-WebSocket-Version': '0', 'Sec-WebSocket-Key': null }, 426, upgrade],
    ['a short key', { 'Sec-WebSocket-Key': 'AQID' }, 400, []],
    ['no Upgrade token', { Connection: 'keep-alive' }, 400, []],
    ['POST with version 8', { '': 'POST / HTTP/1.1', 'Sec-WebSocket-Version': '8' }, 405, [['Allow', 'GET']]],
    ['HTTP/1.0 with version 8', { '': 'GET / HTTP/1.0', 'Sec-WebSocket-Version': '8' }, 400, []],
  ])('of %s', (_, changes, status, fields) => {
    expect(refusalOf(checkRequest(request(changes)))).toMatchObject({ status, fields })
  })

  it('is not for an offer of an extension that can be declined', () => {
    const checks = checkRequest(request({ 'Sec-WebSocket-Extensions': 'permessage-deflate; unknown' }))
    expect(checks.filter(check => !check.ok)).toHaveLength(1)
    expect(refusalOf(checks)).toBeUndefined()
  })
})

describe('Sec-WebSocket-Extensions', () => {
  it('is read with quoted values unquoted, and written', () => {
    const parsed = parseExtensions('foo, bar; baz=2; q="a\\b" ;\tflag')
    expect(parsed).toEqual([
      { name: 'foo', parameters: [] },
      {
        name: 'bar',
        parameters: [
          ['baz', '2'],
          ['q', 'ab'],
          ['flag', undefined],
        ],
      },
    ])
    expect(parsed?.map(formatExtension)).toEqual(['foo', 'bar; baz=2; q=ab; flag'])
  })

  it.each([
    '',
    ' , ',
    'a;',
    'a; =b',
    'a; b=',
    'a; b="',
    'a; b=""',
    'a; b="c d"',
    'a b',
    '"a"',
    'a; b; ;c',
    'a, b c',
  ])('is not %j', value => {
    expect(parseExtensions(value)).toBeUndefined()
  })

  it('is read in time however long a hostile value is', () => {
    expect(parseExtensions('a' + '; b'.repeat(20_000))?.[0]?.parameters).toHaveLength(20_000)
    expect(parseExtensions(' '.repeat(100_000) + '"')).toBeUndefined()
    expect(parseExtensions(`a; b="${'\\'.repeat(100_001)}`)).toBeUndefined()
  })
})

describe('permessage-deflate', () => {
  const header = (value: string) => ({ 'Sec-WebSocket-Extensions': value })

  it('is agreed with the parameters of the answer, from whichever offer allows them', () => {
    const agreed = agreedDeflate(
      response(header('permessage-deflate; client_max_window_bits=10; server_no_context_takeover')),
      request(
        header('permessage-deflate; server_max_window_bits=9, permessage-deflate; client_max_window_bits'),
      ),
    )
    expect(agreed).toEqual({
      serverNoContextTakeover: true,
      clientNoContextTakeover: false,
      clientMaxWindowBits: 10,
    })
  })

  it('is not agreed when it was not offered or not answered', () => {
    expect(agreedDeflate(response(header('permessage-deflate')), request())).toBeUndefined()
    expect(agreedDeflate(response(), request(header('permessage-deflate')))).toBeUndefined()
  })

  it.each([
    ['permessage-deflate; client_max_window_bits', 'permessage-deflate'],
    ['permessage-deflate; client_max_window_bits=9', 'permessage-deflate; client_max_window_bits=9'],
    [
      'permessage-deflate; server_max_window_bits=8; client_no_context_takeover; server_no_context_takeover',
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8',
    ],
  ])('offered as %j is accepted as %j', (offered, accepted) => {
    const [extension] = parseExtensions(offered) ?? []
    const parameters = extension && parseDeflate(extension, 'client')
    expect(parameters && formatDeflate(acceptDeflate(parameters))).toBe(accepted)
    expect(agreedDeflate(response(header(accepted)), request(header(offered)))).toBeDefined()
  })

  it('can be offered with room for the server to choose', () => {
    const offer = {
      serverNoContextTakeover: false,
      clientNoContextTakeover: false,
      clientMaxWindowBits: true,
    } as const
    expect(formatDeflate(offer)).toBe('permessage-deflate; client_max_window_bits')
  })
})
