import { describe, expect, it } from 'vitest'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { checkRequest, checkResponse, isDeclinable } from '#protocol/handshake.ts'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { parseRequestHead } from '#protocol/http-head.ts'
import type { Role } from '#protocol/role.ts'
import type { FrameRuleId } from '#protocol/frame-rule-facts.ts'
import {
  REQUEST_RULES,
  RESPONSE_RULES,
  type HeadRuleId,
  type RequestRuleId,
  type ResponseRuleId,
} from '#protocol/rule-facts.ts'
import { dutyOf, isRuleId, RULE_IDS, RULES } from '#protocol/rules.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { ProtocolViolation } from '#protocol/frame-parser.ts'
import { HeadError } from '#protocol/http-head.ts'
import { concat, head, hex, request, response, RFC_REQUEST, RFC_RESPONSE, utf8 } from './bytes.ts'
import rfcSections from '../../src/content/rfc-sections.json' with { type: 'json' }
import { deflateMessage, inflate } from './inflate.ts'

/** For each rule what breaks it and nothing else, and what comes close and breaks nothing. */
type Cases<Id extends string, Case> = Readonly<
  Record<Id, { readonly breaks: readonly Case[]; readonly nearly: readonly Case[] }>
>

const headCases: Cases<HeadRuleId, string> = {
  'head-start-line': {
    breaks: ['GET / HTTP/1.1 \r\nHost: a\r\n\r\n', '\r\n\r\n'],
    nearly: ['G!T * HTTP/1.1\r\n\r\n'],
  },
  'head-field-name': {
    breaks: ['GET / HTTP/1.1\r\nHo st: a\r\n\r\n'],
    nearly: ["GET / HTTP/1.1\r\n!#$%&'*+-.^_`|~: a\r\n\r\n"],
  },
  'head-field-value': {
    breaks: ['GET / HTTP/1.1\r\nA: \x7f\r\n\r\n'],
    nearly: ['GET / HTTP/1.1\r\nA: \t\x80\xff\t\r\n\r\n'],
  },
  'head-folding': {
    breaks: ['GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n'],
    nearly: ['GET / HTTP/1.1\r\nA:\t\r\n\r\n'],
  },
  'head-line-ending': {
    breaks: ['GET / HTTP/1.1\r\nA: b\n\r\n', 'GET / HTTP/1.1\r\n\n'],
    nearly: ['GET / HTTP/1.1\r\n\r\n'],
  },
  'head-too-long': {
    breaks: [`GET / HTTP/1.1\r\nA: ${'b'.repeat(200)}`],
    nearly: [`GET / HTTP/1.1\r\nA: ${'b'.repeat(75)}\r\n\r\n`],
  },
}

const keysOf = <Id extends string>(rules: Readonly<Record<Id, unknown>>) => Object.keys(rules) as Id[]

type Changes = NonNullable<Parameters<typeof request>[0]>

const PROTOCOL = 'Sec-WebSocket-Protocol'
const EXTENSIONS = 'Sec-WebSocket-Extensions'
const KEY = 'Sec-WebSocket-Key'
const VERSION = 'Sec-WebSocket-Version'
const ACCEPT = 'Sec-WebSocket-Accept'

const requestCases: Cases<RequestRuleId, Changes> = {
  'request-method': {
    breaks: [{ '': 'POST /chat HTTP/1.1' }, { '': 'get /chat HTTP/1.1' }],
    nearly: [{ '': 'GET /POST HTTP/1.1' }],
  },
  'request-http-version': { breaks: [{ '': 'GET /chat HTTP/1.0' }], nearly: [{ '': 'GET /chat HTTP/1.2' }] },
  'request-target': {
    breaks: [{ '': 'GET * HTTP/1.1' }, { '': 'GET /chat#a HTTP/1.1' }, { '': 'GET ws://a/chat HTTP/1.1' }],
    nearly: [
      { '': 'GET /?#'.slice(0, -1) + ' HTTP/1.1' },
      { '': 'GET http://server.example.com/chat?a HTTP/1.1' },
    ],
  },
  'request-host': {
    breaks: [{ Host: null }, { Host: ['a', 'a'] }, { Host: 'a/b' }, { Host: '' }, { Host: 'a:b' }],
    nearly: [{ Host: '[::1]:8787' }, { Host: 'a:' }, { Host: '127.0.0.1' }],
  },
  'request-upgrade': {
    breaks: [
      { Upgrade: null },
      { Upgrade: 'h2c' },
      { Upgrade: 'websockets' },
      { Upgrade: 'web socket' },
      { Upgrade: 'websocket\xa0' },
    ],
    nearly: [
      { Upgrade: 'WebSocket' },
      { Upgrade: ' ,\twebsocket\t' },
      { Upgrade: 'h2c, websocket' },
      { Upgrade: ['h2c', 'WEBSOCKET'] },
    ],
  },
  'request-connection': {
    breaks: [{ Connection: null }, { Connection: 'keep-alive' }, { Connection: 'upgraded' }],
    nearly: [{ Connection: 'keep-alive, upgrade' }, { Connection: ['keep-alive', 'UPGRADE'] }],
  },
  'request-key': { breaks: [{ [KEY]: null }], nearly: [{}] },
  'request-key-once': {
    breaks: [{ [KEY]: ['AQIDBAUGBwgJCgsMDQ4PEC==', 'AQIDBAUGBwgJCgsMDQ4PEC=='] }],
    nearly: [{ [KEY]: ['AQIDBAUGBwgJCgsMDQ4PEC=='] }],
  },
  'request-key-length': {
    breaks: [
      { [KEY]: '' },
      { [KEY]: 'AQID' },
      { [KEY]: 'AQIDBAUGBwgJCgsMDQ4PEBE=' },
      { [KEY]: 'AQIDBAUGBwgJCgsMDQ4PE*==' },
    ],
    nearly: [{ [KEY]: 'AQIDBAUGBwgJCgsMDQ4PEC==' }],
  },
  'request-origin': {
    breaks: [{ Origin: 'example.com' }, { Origin: ['null', 'null'] }, { Origin: 'http://a/b' }],
    nearly: [{ Origin: 'null' }, { Origin: null }, { Origin: 'chrome-extension://abc' }],
  },
  'request-version': {
    breaks: [{ [VERSION]: null }, { [VERSION]: '8' }, { [VERSION]: '255' }],
    nearly: [{ [VERSION]: '  13  ' }],
  },
  'request-version-once': { breaks: [{ [VERSION]: ['13', '13'] }], nearly: [{ [VERSION]: ['13'] }] },
  'request-version-grammar': {
    breaks: [{ [VERSION]: '013' }, { [VERSION]: '256' }, { [VERSION]: '13, 8' }, { [VERSION]: '' }],
    nearly: [{ [VERSION]: '13' }],
  },
  'request-subprotocol-token': {
    breaks: [{ [PROTOCOL]: 'a b' }, { [PROTOCOL]: '' }, { [PROTOCOL]: 'a, "b"' }],
    nearly: [{ [PROTOCOL]: 'v1.chat,,b!' }],
  },
  'request-subprotocol-unique': {
    breaks: [{ [PROTOCOL]: 'a, b, a' }, { [PROTOCOL]: ['a', 'a'] }],
    nearly: [{ [PROTOCOL]: 'a, A' }, { [PROTOCOL]: ['a', 'b'] }],
  },
  'request-extensions': {
    breaks: [
      { [EXTENSIONS]: '' },
      { [EXTENSIONS]: 'a;' },
      { [EXTENSIONS]: 'a; b="c d"' },
      { [EXTENSIONS]: 'a b' },
    ],
    nearly: [{ [EXTENSIONS]: 'a; b="c"; d, e ;f = g' }, { [EXTENSIONS]: ['foo', 'bar; baz=2'] }],
  },
  'request-deflate': {
    breaks: [
      { [EXTENSIONS]: 'permessage-deflate; unknown' },
      { [EXTENSIONS]: 'permessage-deflate; server_max_window_bits' },
      { [EXTENSIONS]: 'permessage-deflate; server_max_window_bits=16' },
      { [EXTENSIONS]: 'permessage-deflate; client_max_window_bits=08' },
      { [EXTENSIONS]: 'permessage-deflate; server_no_context_takeover=1' },
      { [EXTENSIONS]: 'permessage-deflate; client_max_window_bits; client_max_window_bits' },
    ],
    nearly: [
      { [EXTENSIONS]: 'permessage-deflate; client_max_window_bits' },
      {
        [EXTENSIONS]:
          'permessage-deflate; server_max_window_bits=8; client_max_window_bits="15", permessage-deflate',
      },
      { [EXTENSIONS]: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover' },
    ],
  },
}

type Exchange = readonly [response: Changes, request?: Changes]

const offer = (value: string): Changes => ({ [EXTENSIONS]: value })

/** A refusal breaks `response-status`, so that no case can break `response-versions` alone: it has a test of its own. */
const responseCases: Cases<Exclude<ResponseRuleId, 'response-versions'>, Exchange> = {
  'response-status': {
    breaks: [[{ '': 'HTTP/1.1 200 OK' }], [{ '': 'HTTP/1.1 302 Found' }]],
    nearly: [[{ '': 'HTTP/1.1 101' }]],
  },
  'response-http-version': { breaks: [[{ '': 'HTTP/1.0 101 OK' }]], nearly: [[{ '': 'HTTP/1.1 101 OK' }]] },
  'response-upgrade': {
    breaks: [[{ Upgrade: null }], [{ Upgrade: 'h2c' }], [{ Upgrade: 'websocket, h2c' }]],
    nearly: [[{ Upgrade: 'WEBSOCKET' }]],
  },
  'response-connection': {
    breaks: [[{ Connection: null }], [{ Connection: 'close' }]],
    nearly: [[{ Connection: 'close, upgrade' }]],
  },
  'response-accept': {
    breaks: [[{ [ACCEPT]: null }], [{ [ACCEPT]: 's3pPLMBiTxaQ9kYGzzhZRbK+xoo=' }], [{ [ACCEPT]: '' }]],
    nearly: [[{ [ACCEPT]: ' \t s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\t' }]],
  },
  'response-accept-once': {
    breaks: [[{ [ACCEPT]: ['s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='] }]],
    nearly: [[{ [ACCEPT]: ['s3pPLMBiTxaQ9kYGzzhZRbK+xOo='] }]],
  },
  'response-subprotocol-once': {
    breaks: [[{ [PROTOCOL]: ['chat', 'superchat'] }]],
    nearly: [[{ [PROTOCOL]: 'superchat' }], [{ [PROTOCOL]: null }]],
  },
  'response-subprotocol-token': {
    breaks: [[{ [PROTOCOL]: '' }], [{ [PROTOCOL]: 'chat, superchat' }], [{ [PROTOCOL]: '"chat"' }]],
    nearly: [[{ [PROTOCOL]: ' chat ' }]],
  },
  'response-subprotocol-offered': {
    breaks: [[{ [PROTOCOL]: 'chats' }], [{ [PROTOCOL]: 'Chat' }], [{}, { [PROTOCOL]: null }]],
    nearly: [[{ [PROTOCOL]: 'chat' }]],
  },
  'response-extensions': { breaks: [[offer('a;;b'), offer('a')]], nearly: [[offer('a; b'), offer('a; b')]] },
  'response-extensions-once': {
    breaks: [[{ [EXTENSIONS]: ['a', 'b'] }, offer('a, b')]],
    nearly: [[offer('a, b'), { [EXTENSIONS]: ['a', 'b'] }]],
  },
  'response-extension-offered': {
    breaks: [[offer('a, b'), offer('a')], [offer('permessage-deflate')]],
    nearly: [[offer('b'), offer('a, b')]],
  },
  'response-deflate': {
    breaks: [
      [offer('permessage-deflate; client_max_window_bits=9'), offer('permessage-deflate')],
      [
        offer('permessage-deflate; client_max_window_bits'),
        offer('permessage-deflate; client_max_window_bits'),
      ],
      [
        offer('permessage-deflate; client_max_window_bits=11'),
        offer('permessage-deflate; client_max_window_bits=10'),
      ],
      [
        offer('permessage-deflate; server_max_window_bits=11'),
        offer('permessage-deflate; server_max_window_bits=10'),
      ],
      [offer('permessage-deflate'), offer('permessage-deflate; server_max_window_bits=15')],
      [offer('permessage-deflate'), offer('permessage-deflate; server_no_context_takeover')],
      [offer('permessage-deflate, permessage-deflate'), offer('permessage-deflate')],
    ],
    nearly: [
      [
        offer('permessage-deflate; client_max_window_bits=9'),
        offer('permessage-deflate; client_max_window_bits'),
      ],
      [
        offer('permessage-deflate; client_max_window_bits=10'),
        offer('permessage-deflate; client_max_window_bits=10'),
      ],
      [
        offer('permessage-deflate; server_max_window_bits=10'),
        offer('permessage-deflate; server_max_window_bits=10'),
      ],
      [offer('permessage-deflate; server_max_window_bits=10'), offer('permessage-deflate')],
      [offer('permessage-deflate; client_no_context_takeover'), offer('permessage-deflate')],
      [
        offer('permessage-deflate'),
        offer('permessage-deflate; server_no_context_takeover, permessage-deflate'),
      ],
    ],
  },
  'response-to-bad-request': {
    breaks: [
      [{}, { [VERSION]: '8' }],
      [{}, { '': 'GET /chat HTTP/1.0' }],
      [{}, { Host: null }],
    ],
    nearly: [[{ [PROTOCOL]: null }, { ...offer('permessage-deflate; unknown'), [PROTOCOL]: null }]],
  },
}

/** Frames one side sends; with `deflate` under agreed permessage-deflate. */
interface Stream {
  readonly from: Role
  readonly frames: readonly (Partial<AnyFrameFields> | Uint8Array)[]
  readonly deflate?: boolean
}

let keys = 0
/** Bytes of a stream; what a legal client's frame has, a fresh mask, comes by itself. */
function bytesOf({ from, frames }: Stream): Uint8Array {
  const wires = frames.map(frame => {
    if (frame instanceof Uint8Array) return frame
    const maskingKey = from === 'client' ? Uint8Array.of(9, 8, keys >> 8, keys++) : undefined
    return encodeFrame({ opcode: 1, maskingKey, ...frame })
  })
  return concat(...wires)
}

const server = (...frames: Stream['frames']): Stream => ({ from: 'server', frames })
const client = (...frames: Stream['frames']): Stream => ({ from: 'client', frames })
const deflated = (...frames: Stream['frames']): Stream => ({ from: 'client', frames, deflate: true })
const text = (value: string, more: Partial<AnyFrameFields> = {}) => ({ payload: utf8(value), ...more })
const closeWith = (code: number, reason?: string) => ({
  opcode: 8,
  payload: encodeClosePayload(code, reason),
})
const LIMIT = 70_000

const frameCases: Cases<Exclude<FrameRuleId, 'data-before-response'>, Stream> = {
  'reserved-bits': {
    breaks: [
      server({ rsv1: true }),
      client({ rsv2: true }),
      deflated({ rsv3: true }),
      server({ opcode: 9, rsv1: true }),
    ],
    nearly: [deflated(text('', { rsv1: true, payload: deflateMessage(utf8('a')) }))],
  },
  'reserved-opcode': {
    breaks: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(opcode => client({ opcode })),
    nearly: [server({ opcode: 2 }, { opcode: 9 }, { opcode: 10 }, { opcode: 8 })],
  },
  'length-minimal': {
    breaks: [
      server({ payload: new Uint8Array(125), lengthForm: 16 }),
      client({ lengthForm: 16 }),
      server({ payload: new Uint8Array(65535), lengthForm: 64 }),
      // The RFC's own example: 124 as 126, 0, 124 (§5.2).
      server(concat(hex('81 7e 00 7c'), new Uint8Array(124))),
    ],
    nearly: [
      server(
        { payload: new Uint8Array(126), lengthForm: 16 },
        { payload: new Uint8Array(65536), lengthForm: 64 },
      ),
    ],
  },
  'length-63-bits': {
    breaks: [server(hex('82 7f 80 00 00 00 00 00 00 00'))],
    nearly: [server({ opcode: 2, payload: new Uint8Array(65536) })],
  },
  'client-masks': {
    breaks: [client({ maskingKey: undefined })],
    nearly: [client({ maskingKey: new Uint8Array(4) })],
  },
  'server-never-masks': { breaks: [server({ maskingKey: hex('00000000') })], nearly: [server({})] },
  'masking-key-fresh': {
    breaks: [client({ maskingKey: hex('01020304') }, { maskingKey: hex('01020304') })],
    nearly: [client({ maskingKey: hex('01020304') }, { maskingKey: hex('01020305') })],
  },
  'control-length': {
    breaks: [
      server({ opcode: 9, payload: new Uint8Array(126) }),
      client({ opcode: 10, payload: new Uint8Array(65536) }),
      server(closeWith(1000, 'a'.repeat(124))),
    ],
    nearly: [server({ opcode: 9, payload: new Uint8Array(125) }, closeWith(1000, 'a'.repeat(123)))],
  },
  'control-unfragmented': {
    breaks: [server({ opcode: 9, fin: false }), client({ opcode: 8, fin: false })],
    nearly: [server(text('a', { fin: false }), { opcode: 9 }, text('b', { opcode: 0 }))],
  },
  'continuation-of-nothing': {
    breaks: [server({ opcode: 0 }), client({}, { opcode: 0, fin: false })],
    nearly: [client({ fin: false }, { opcode: 0, fin: false }, { opcode: 0 })],
  },
  'message-interleaved': {
    breaks: [
      server({ fin: false }, { opcode: 2 }),
      client({ opcode: 2, fin: false }, { opcode: 2, fin: false }),
    ],
    nearly: [server({ fin: false }, { opcode: 0 }, { opcode: 2 })],
  },
  'text-utf8': {
    breaks: [
      server({ payload: hex('ff') }),
      client({ payload: hex('ec 95'), fin: false }, { opcode: 0 }),
      client({ payload: hex('ed a0 80') }),
      deflated({ rsv1: true, payload: deflateMessage(hex('c0 80')) }),
    ],
    nearly: [
      server({ opcode: 2, payload: hex('ff') }),
      client({ payload: hex('ec 95'), fin: false }, { opcode: 0, payload: hex('88') }),
      client({ opcode: 9, payload: hex('ff') }),
    ],
  },
  'message-length': {
    breaks: [
      server({ opcode: 2, payload: new Uint8Array(LIMIT + 1) }),
      server({ opcode: 2, payload: new Uint8Array(LIMIT), fin: false }, { opcode: 0, payload: hex('00') }),
      deflated({ opcode: 2, rsv1: true, payload: deflateMessage(new Uint8Array(LIMIT + 1)) }),
    ],
    nearly: [
      server({ opcode: 2, payload: new Uint8Array(LIMIT) }, { payload: utf8('a') }),
      deflated({ opcode: 2, rsv1: true, payload: deflateMessage(new Uint8Array(LIMIT)) }),
    ],
  },
  'close-one-byte': {
    breaks: [server({ opcode: 8, payload: hex('03') })],
    nearly: [server({ opcode: 8 }), client(closeWith(1000))],
  },
  'close-code-range': {
    breaks: [0, 999, 5000, 65535].map(code => server(closeWith(code))),
    nearly: [1000, 4999].map(code => server(closeWith(code))),
  },
  'close-code-never-sent': {
    breaks: [1004, 1005, 1006, 1015].map(code => client(closeWith(code))),
    nearly: [1003, 1007, 1014].map(code => client(closeWith(code))),
  },
  'close-code-undefined': {
    breaks: [1016, 1100, 2000, 2999].map(code => client(closeWith(code))),
    nearly: [client(closeWith(3000))],
  },
  'close-code-of-clients': {
    breaks: [server(closeWith(1010))],
    nearly: [client(closeWith(1010)), server(closeWith(1011))],
  },
  'close-reason-utf8': {
    breaks: [
      server({ opcode: 8, payload: hex('03e8 ff') }),
      server({ opcode: 8, payload: hex('03e8 ec 95') }),
    ],
    nearly: [server(closeWith(1000, '안녕'))],
  },
  'data-after-close': {
    breaks: [server({ opcode: 8 }, text('a')), client({ opcode: 8 }, { opcode: 2 })],
    nearly: [server({ opcode: 8 }, { opcode: 9 }, { opcode: 10 })],
  },
  'close-once': {
    breaks: [server({ opcode: 8 }, { opcode: 8 })],
    nearly: [server(text('a'), { opcode: 8 })],
  },
  'deflate-first-frame': {
    breaks: [
      deflated({ opcode: 9, rsv1: true }),
      deflated({ rsv1: true, fin: false, payload: deflateMessage(utf8('a')) }, { opcode: 0, rsv1: true }),
    ],
    nearly: [
      deflated(
        { rsv1: true, fin: false, payload: deflateMessage(utf8('a')).subarray(0, 1) },
        { opcode: 0, payload: deflateMessage(utf8('a')).subarray(1) },
      ),
    ],
  },
  'deflate-data': {
    breaks: [
      deflated({ rsv1: true, payload: hex('ff ff ff') }),
      deflated({ rsv1: true, payload: hex('00 01 00 00 00') }),
      deflated({ rsv1: true }),
      deflated({ rsv1: true, payload: hex('f2 48 cd c9') }),
    ],
    nearly: [
      deflated({ rsv1: true, payload: hex('f2 48 cd c9 c9 07 00') }),
      deflated({ rsv1: true, payload: hex('00') }),
      deflated({ payload: utf8('Hello') }),
    ],
  },
}

function brokenInHead(source: string): string[] {
  const trace = new ConnectionTrace({ maxHeadLength: 150 })
  const [item] = trace.push('client', Buffer.from(source, 'latin1'), 0)
  return item?.kind === 'fault' ? [item.violation.rule] : []
}

function brokenInRequest(changes: Changes): string[] {
  return failed(checkRequest(request(changes)))
}

function brokenInExchange([answer, ask = {}]: Exchange): string[] {
  return failed(checkResponse(response(answer), request(ask)))
}

function failed(checks: readonly { readonly rule: string; readonly ok: boolean }[]): string[] {
  return checks.filter(check => !check.ok).map(check => check.rule)
}

function brokenInStream(stream: Stream): string[] {
  const parameters = { serverNoContextTakeover: false, clientNoContextTakeover: false }
  const judge = new FrameStream(stream.from, {
    maxLength: LIMIT,
    ...(stream.deflate && { deflate: { parameters, inflate } }),
  })
  const { frames, fault } = judge.push(bytesOf(stream))
  return [
    ...frames.flatMap(each => each.violations.map(one => one.rule)),
    ...(fault ? [fault.violation.rule] : []),
  ]
}

function hold<Id extends string, Case>(cases: Cases<Id, Case>, broken: (one: Case) => string[]): void {
  const rows = Object.entries<Cases<Id, Case>[Id]>(cases)
  it('has cases of both kinds', () => {
    const lacking = rows.filter(([, { breaks, nearly }]) => breaks.length === 0 || nearly.length === 0)
    expect(lacking).toEqual([])
  })
  it.each(rows.flatMap(([rule, { breaks }]) => breaks.map((one, i) => [rule, i + 1, one] as const)))(
    '%s alone is broken by case %i',
    (rule, _, one) => {
      expect(broken(one)).toEqual([rule])
    },
  )
  it.each(rows.flatMap(([rule, { nearly }]) => nearly.map((one, i) => [rule, i + 1, one] as const)))(
    '%s and every other rule is kept by case %i',
    (_rule, _case, one) => {
      expect(broken(one)).toEqual([])
    },
  )
}

describe('a rule about heads:', () => {
  hold(headCases, brokenInHead)
})
describe('a rule about requests:', () => {
  hold(requestCases, brokenInRequest)
})
describe('a rule about responses:', () => {
  hold(responseCases, brokenInExchange)

  it('response-versions is broken by a refusal of version 8 that says nothing, and kept by one that does', () => {
    const old = request({ [VERSION]: '8' })
    expect(failed(checkResponse(response({ '': 'HTTP/1.1 400 Bad Request' }), old))).toEqual([
      'response-status',
      'response-versions',
    ])
    const told = response({ '': 'HTTP/1.1 426 Upgrade Required', [VERSION]: '13' })
    expect(failed(checkResponse(told, old))).toEqual(['response-status'])
  })
})
describe('a rule about frames:', () => {
  hold(frameCases, brokenInStream)

  it('data-before-response is broken by a frame behind the request, and kept by one behind the response', () => {
    const frame = bytesOf(client(text('a')))
    const early = new ConnectionTrace()
    early.push('client', concat(head(RFC_REQUEST), frame), 1)
    const rules = (trace: ConnectionTrace) =>
      trace.items.flatMap(item => (item.kind === 'frame' ? item.violations.map(one => one.rule) : []))
    early.push('server', head(RFC_RESPONSE), 2)
    early.push('client', bytesOf(client(text('b'))), 3)
    expect(rules(early)).toEqual(['data-before-response'])
    const patient = new ConnectionTrace()
    patient.push('client', head(RFC_REQUEST), 1)
    patient.push('server', head(RFC_RESPONSE), 2)
    patient.push('client', frame, 3)
    expect(rules(patient)).toEqual([])
  })
})

describe('the catalogue', () => {
  it('has cases for every rule', () => {
    const tested = [headCases, requestCases, responseCases, frameCases].flatMap(cases => Object.keys(cases))
    expect([...tested, 'response-versions', 'data-before-response'].sort()).toEqual([...RULE_IDS].sort())
  })

  it.each(RULE_IDS)('says where %s is written', id => {
    expect(RULES[id].section).toMatch(/^RFC \d{4} §\d/)
    expect(isRuleId(id)).toBe(true)
  })

  it('tells the rules whose breach is declined, and who breaks which, by their names too', () => {
    const declined = RULE_IDS.filter(id => RULES[id].duty === 'decline')
    const ofHandshakes = [...keysOf(REQUEST_RULES), ...keysOf(RESPONSE_RULES)]
    expect(ofHandshakes.filter(isDeclinable)).toEqual(declined)
    expect(Object.keys(REQUEST_RULES).every(id => id.startsWith('request-'))).toBe(true)
    expect(Object.keys(RESPONSE_RULES).some(id => id.startsWith('request-'))).toBe(false)
  })

  it('knows its own rules only', () => {
    expect(['constructor', 'toString', ''].some(isRuleId)).toBe(false)
  })

  it('cites only sections of RFC 6455 that there are', () => {
    const cited = RULE_IDS.flatMap(id => /^RFC 6455 §(.+)$/.exec(RULES[id].section)?.slice(1) ?? [])
    expect(cited.filter(section => !(section in rfcSections['6455']))).toEqual([])
  })

  it('asks a client to fail the connection where a server would refuse', () => {
    expect(dutyOf('head-folding', 'client')).toBe(400)
    expect(dutyOf('head-folding', 'server')).toBe('fail')
    expect(dutyOf('text-utf8', 'server')).toBe(1007)
  })

  it('names its rules in errors', () => {
    const thrown = (run: () => unknown) => {
      try {
        return run()
      } catch (error) {
        return error
      }
    }
    expect(thrown(() => parseRequestHead(utf8('x')))).toBeInstanceOf(HeadError)
    expect(new ProtocolViolation('text-utf8', 3, [], hex('')).message).toBe('text-utf8 at byte 3')
  })
})
