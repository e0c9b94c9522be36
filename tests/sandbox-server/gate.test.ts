import { describe, expect, test } from 'vitest'
import { refusalOfHandshake, rebuildHead, readHead, type Policy } from '../../sandbox-server/gate.ts'
import { parseRequestHead } from '#protocol/http-head.ts'
import { handshake } from './support/page.ts'
import { runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

function request(
  port: number,
  target: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  return handshake(port, { line: `GET ${target} HTTP/1.1`, ...changes })
}

/** Sends a head, and gives back the whole of the answer. */
function answerTo(port: number, text: string): Promise<string> {
  return new TcpClient(port).write(text).rest()
}

const status = (answer: string) => Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3))

/** Header fields by lower-case name, and the body. */
function parts(answer: string): { fields: Map<string, string>; body: string } {
  const [start = '', body = ''] = answer.split('\r\n\r\n', 2)
  const lines = start.split('\r\n').slice(1)
  const fields = new Map(
    lines.map(line => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  return { fields, body }
}

describe('an opening handshake on the wire', () => {
  test("is answered 101 with the accept value of the RFC's own key", async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write(request(port, '/lab/echo'))
    await client.until('\r\n\r\n')
    expect(status(client.text)).toBe(101)
    expect(parts(client.text).fields.get('sec-websocket-accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    client.socket.destroy()
  })

  const legal: [what: string, text: (port: number) => string][] = [
    ['another protocol beside WebSocket', port => request(port, '/lab/echo', { Upgrade: 'h2c, websocket' })],
    ['two Upgrade fields', port => request(port, '/lab/echo', { Upgrade: 'h2c\r\nUPGRADE: WebSocket' })],
    ['an empty element of Upgrade', port => request(port, '/lab/echo', { Upgrade: 'websocket,' })],
    ['a higher minor version of HTTP', port => handshake(port, { line: 'GET /lab/echo HTTP/1.2' })],
    [
      'a key with spare bits, as that of RFC 6455 §4.1',
      port => request(port, '/lab/echo', { 'Sec-WebSocket-Key': 'AQIDBAUGBwgJCgsMDQ4PEC==' }),
    ],
    [
      'a target that names the host, whatever Host says',
      port => request(port, `http://127.0.0.1:${port}/lab/echo`, { Host: 'evil.example' }),
    ],
  ]
  test.each(legal)('with %s is answered 101', async (_what, text) => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write(text(port))
    await client.until('\r\n\r\n')
    expect(status(client.text), client.text).toBe(101)
    client.socket.destroy()
  })

  test('with a higher minor version of HTTP is judged alike however its bytes are cut', async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port)
    for (const byte of Buffer.from(handshake(port, { line: 'GET /lab/echo?x=HTTP/1. HTTP/1.9' }))) {
      client.write(Buffer.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
    await client.until('\r\n\r\n')
    expect(status(client.text), client.text).toBe(101)
    client.socket.destroy()
  })

  test.each(['anatomy.v1,,x', ', anatomy.v1 ,', 'unknown,\t,anatomy.v1\r\nSec-WebSocket-Protocol: ,x'])(
    'offering the subprotocols %j is answered with one of them',
    async offered => {
      const { port } = await runSandbox()
      const client = new TcpClient(port).write(
        request(port, '/lab/echo', { 'Sec-WebSocket-Protocol': offered }),
      )
      await client.until('\r\n\r\n')
      expect(parts(client.text).fields.get('sec-websocket-protocol')).toBe('anatomy.v1')
      client.socket.destroy()
    },
  )

  const broken: [what: string, expected: number, text: (port: number) => string][] = [
    ['version 8', 426, port => request(port, '/lab/echo', { 'Sec-WebSocket-Version': '8' })],
    ['no version', 426, port => request(port, '/lab/echo', { 'Sec-WebSocket-Version': undefined })],
    ['version 013', 426, port => request(port, '/lab/echo', { 'Sec-WebSocket-Version': '013' })],
    ['HTTP/1.0', 400, port => handshake(port, { line: 'GET /lab/echo HTTP/1.0' })],
    ['no Host', 400, port => request(port, '/lab/echo', { Host: undefined })],
    ['two Hosts', 400, port => handshake(port, { line: 'GET /lab/echo HTTP/1.1\r\nHost: localhost' })],
    ['HTTP/2.0 on an HTTP/1 line', 505, port => handshake(port, { line: 'GET /lab/echo HTTP/2.0' })],
    ['a body of five bytes', 400, port => request(port, '/lab/echo', { 'Content-Length': '5' })],
    ['a chunked body', 400, port => request(port, '/lab/echo', { 'Transfer-Encoding': 'chunked' })],
    ['POST', 405, port => handshake(port, { line: 'POST /lab/echo HTTP/1.1' })],
    ['no Upgrade', 426, port => request(port, '/lab/echo', { Upgrade: undefined })],
    ['Upgrade: h2c', 426, port => request(port, '/lab/echo', { Upgrade: 'h2c' })],
    ['Connection: keep-alive', 400, port => request(port, '/lab/echo', { Connection: 'keep-alive' })],
    ['no key', 400, port => request(port, '/lab/echo', { 'Sec-WebSocket-Key': undefined })],
    [
      'a key of 15 bytes',
      400,
      port => request(port, '/lab/echo', { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAA' }),
    ],
    [
      'a key that is not base64',
      400,
      port => request(port, '/lab/echo', { 'Sec-WebSocket-Key': '*'.repeat(24) }),
    ],
    ["another site's Origin", 403, port => request(port, '/lab/echo', { Origin: 'https://evil.example' })],
    ['Origin: null', 403, port => request(port, '/lab/echo', { Origin: 'null' })],
    [
      'a Host that a rebound name would bring',
      403,
      port => request(port, '/lab/echo', { Host: `evil.example:${port}` }),
    ],
    ['a target that names another host', 403, port => request(port, 'http://evil.example/lab/echo')],
    ['an unknown lab', 404, port => request(port, '/lab/nothing')],
    ["a prototype's name for a lab", 404, port => request(port, '/lab/__proto__')],
    ['a path that is not a lab', 404, port => request(port, '/elsewhere')],
    [
      "another site's Origin on the control channel",
      403,
      port => request(port, '/control', { Origin: 'https://evil.example' }),
    ],
    [
      'a rebound Host on the control channel',
      403,
      port => request(port, '/control', { Host: 'evil.example' }),
    ],
    [
      'version 7 on the control channel',
      426,
      port => request(port, '/control', { 'Sec-WebSocket-Version': '7' }),
    ],
    ['a target of 3,000 bytes', 414, port => request(port, `/lab/echo?x=${'y'.repeat(3000)}`)],
    ['a head of 20,000 bytes', 431, port => request(port, '/lab/echo', { 'X-Long': 'y'.repeat(20_000) })],
    ['a target of 20,000 bytes', 414, port => request(port, `/lab/echo?x=${'y'.repeat(20_000)}`)],
    ['a line that is not HTTP', 400, () => 'I am not HTTP\r\n\r\n'],
    ['an empty line before the request', 400, port => `\r\n${request(port, '/lab/echo')}`],
    ['CONNECT', 405, port => handshake(port, { line: `CONNECT 127.0.0.1:${port} HTTP/1.1` })],
    ['CONNECT to a lab', 405, port => handshake(port, { line: 'CONNECT /lab/echo HTTP/1.1' })],
  ]
  test.each(broken)('with %s is refused with %i', async (_what, expected, text) => {
    const { port } = await runSandbox()
    const answer = await answerTo(port, text(port))
    const { fields, body } = parts(answer)
    expect(status(answer), answer).toBe(expected)
    expect(fields.get('content-length')).toBe(String(Buffer.byteLength(body, 'latin1')))
    expect(fields.get('connection')?.toLowerCase()).toContain('close')
    expect(fields.get('sec-websocket-version')).toBe(expected === 426 ? '13' : undefined)
    expect(body).toMatch(/^[A-Z].*[.)]\n$/s)
  })

  test('offering another protocol to an ordinary request is served as if it did not', async () => {
    const { port } = await runSandbox()
    const text =
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n'
    expect(status(await answerTo(port, text))).toBe(200)
  })

  test('can be preceded by a look at the health of the sandbox, with a query or without', async () => {
    const { port } = await runSandbox()
    for (const target of ['/healthz', '/healthz?from=balancer']) {
      const answer = await answerTo(
        port,
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )
      expect([status(answer), parts(answer).body]).toEqual([200, 'ok\n'])
    }
  })

  test.each(['POST', 'DELETE'])('a %s to the health of the sandbox is refused with 405', async method => {
    const { port } = await runSandbox()
    const answer = await answerTo(port, `${method} /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect([status(answer), parts(answer).fields.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('is judged the same after an ordinary request on the same connection', async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await client.until('ok\n')
    client.write(request(port, '/lab/echo', { 'Sec-WebSocket-Version': '8' }))
    expect(await client.rest()).toContain('HTTP/1.1 426 Upgrade Required')
  })
})

describe('who may come in', () => {
  const loopback: Policy = {
    listensOnLoopback: true,
    publicOrigins: [],
    publicHosts: [],
    allowNoOrigin: false,
    port: 8787,
  }
  const open: Policy = {
    ...loopback,
    listensOnLoopback: false,
    publicOrigins: ['https://course.example'],
    publicHosts: ['course.example', 'sandbox.example'],
  }
  const statusFor = (policy: Policy, changes: Record<string, string | undefined>) =>
    refusalOfHandshake(
      parseRequestHead(Buffer.from(request(8787, '/lab/echo', { Host: 'localhost:8787', ...changes }))),
      policy,
    )?.status

  test.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787', undefined])(
    'on loopback: the Origin %s',
    Origin => expect(statusFor(loopback, { Origin })).toBeUndefined(),
  )

  test.each([
    'http://localhost:9999',
    'https://localhost:8787',
    'http://localhost:8787.evil.example',
    'http://evil.example',
    'null',
  ])('on loopback: never the Origin %j', Origin => expect(statusFor(loopback, { Origin })).toBe(403))

  test.each(['localhost', '127.0.0.1:1', '[::1]:8787', 'LOCALHOST:8787', '127.8.9.10'])(
    'on loopback: under the Host %s',
    Host => expect(statusFor(loopback, { Host })).toBeUndefined(),
  )

  test.each(['localhost.evil.example', 'evil.example', '10.0.0.1:8787', 'user@localhost', '128.0.0.1'])(
    'on loopback: never under the Host %s',
    Host => expect([400, 403]).toContain(statusFor(loopback, { Host })),
  )

  test('a page behind a forwarded port, whose Origin is the Host it asks', () => {
    expect(statusFor(loopback, { Host: 'localhost:5000', Origin: 'http://localhost:5000' })).toBeUndefined()
  })

  test.each(['course.example', 'sandbox.example:443'])('in public: under the Host %s', Host =>
    expect(statusFor(open, { Host, Origin: 'https://course.example' })).toBeUndefined(),
  )

  test.each([
    ['the loopback name', { Host: 'localhost:8787', Origin: 'https://course.example' }],
    ['an Origin with another scheme', { Host: 'course.example', Origin: 'http://course.example' }],
    ['an Origin with another port', { Host: 'course.example', Origin: 'https://course.example:8443' }],
    ['an Origin that is the Host only', { Host: 'sandbox.example', Origin: 'https://sandbox.example' }],
    ['no Origin', { Host: 'course.example' }],
  ])('in public: never with %s', (_what, changes) => expect(statusFor(open, changes)).toBe(403))

  test('in public, without an Origin where the operator says so', () => {
    expect(statusFor({ ...open, allowNoOrigin: true }, { Host: 'course.example' })).toBeUndefined()
  })
})

describe('a head rebuilt from what http parsed', () => {
  test('has the names, order and values of the one that came', () => {
    const rawHeaders = ['Host', 'localhost', 'hOST', 'twice', 'Sec-WebSocket-Key', 'k']
    const rebuilt = readHead(rebuildHead({ method: 'GET', url: '/x', httpVersion: '1.1', rawHeaders }))
    if ('status' in rebuilt) throw new Error(rebuilt.detail)
    expect(rebuilt.fields.flatMap(({ name, value }) => [name, value])).toEqual(rawHeaders)
    expect([rebuilt.method, rebuilt.target, rebuilt.version]).toEqual(['GET', '/x', 'HTTP/1.1'])
  })

  test('is a refusal when it cannot be read', () => {
    expect(readHead(Buffer.from('no head\r\n\r\n'))).toMatchObject({ status: 400 })
  })
})
