import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRequestHead, type RequestHead } from '#protocol/http-head.ts'
import { handshakeCommands } from '#recording/handshake-commands.ts'
import { CRLF, head, request, RFC_REQUEST } from '../protocol/bytes.ts'

const SHELLS = ['sh', 'bash', 'dash'].filter(shell => spawnSync(shell, ['-c', 'true']).status === 0)
const PROGRAMS = ['curl', 'websocat', 'wscat'] as const
const URL_OF = 'ws://server.example.com/chat'

/** In place of those programs: prints every argument with a NUL behind it, and one more at the end. */
const FAKES = PROGRAMS.map(
  name => `${name}() { for word in "$@"; do printf '%s\\0' "$word"; done; printf '\\0'; }`,
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The arguments that a shell makes of each line. Whatever else it did would show as more, as an error, or as a file. */
function argumentsOfAll(lines: readonly string[], shell = 'sh'): string[][] {
  const { stdout, stderr, status } = spawnSync(shell, ['-c', [...FAKES, ...lines].join('\n')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  })
  expect([status, stderr, readdirSync(folder)]).toEqual([0, '', []])
  return stdout
    .split('\0\0')
    .slice(0, -1)
    .map(words => words.split('\0'))
}

function argumentsOf(line: string, shell = 'sh'): string[] {
  const [words = [], ...more] = argumentsOfAll([line], shell)
  expect(more).toEqual([])
  return words
}

test('a plain handshake makes plain commands', () => {
  expect(handshakeCommands(request(), URL_OF)).toEqual({
    curl:
      'curl --include --no-buffer --http1.1 --globoff --path-as-is --header Accept: --header User-Agent: ' +
      "--header 'Host: server.example.com' --header 'Upgrade: websocket' --header 'Connection: Upgrade' " +
      "--header 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' --header 'Origin: http://example.com' " +
      "--header 'Sec-WebSocket-Protocol: chat, superchat' --header 'Sec-WebSocket-Version: 13' " +
      '--url http://server.example.com/chat',
    websocat:
      "websocat --origin=http://example.com '--protocol=chat, superchat' ws://server.example.com/chat",
    wscat:
      'wscat --origin=http://example.com --subprotocol=chat --subprotocol=superchat --connect=ws://server.example.com/chat',
    omitted: [],
  })
})

test('other fields go along, secrets masked unless asked otherwise', () => {
  const asked = request({ Cookie: 'a=SECRET; b', 'X-Trace': 'one' })
  const masked = handshakeCommands(asked, `${URL_OF}?ticket=SECRET&a=b`)
  for (const program of PROGRAMS) expect(masked[program]).not.toContain('SECRET')
  expect(argumentsOf(masked.websocat)).toContain('--header=Cookie: ********* *')
  expect(argumentsOf(masked.wscat)).toContain('--header=X-Trace: one')
  expect(argumentsOf(masked.curl)).toContain('http://server.example.com/chat?ticket=******&a=b')
  const kept = handshakeCommands(asked, URL_OF, { secrets: 'keep' })
  for (const program of PROGRAMS) expect(kept[program]).toContain('Cookie: a=SECRET; b')
})

test('an empty field is sent empty, and wss becomes https', () => {
  const { curl } = handshakeCommands(request({ 'X-Empty': '' }), 'wss://a/')
  expect(argumentsOf(curl)).toEqual(expect.arrayContaining(['X-Empty;', 'https://a/']))
})

const HOSTILE = [
  `'; touch broken; '`,
  '"; touch broken; "',
  '$(touch broken)',
  '`touch broken`',
  "\\'; touch broken #",
  '!! !$ ~ * ? [a] {a,b}',
  '@/etc/passwd',
  '--output /etc/passwd',
  '%s %n',
  '&& touch broken || touch broken',
  '한글 👋',
]

describe.each(SHELLS)('in %s', shell => {
  test.each(HOSTILE)('%s stays a word', value => {
    const bytes = Buffer.from([...RFC_REQUEST, `X-Hostile: ${value}`].join(CRLF) + CRLF + CRLF)
    const commands = handshakeCommands(parseRequestHead(bytes), `${URL_OF}?${value}`)
    expect(argumentsOf(commands.curl, shell)).toContain(`X-Hostile: ${value}`)
    for (const program of ['websocat', 'wscat'] as const)
      expect(argumentsOf(commands[program], shell)).toContain(`--header=X-Hostile: ${value}`)
  })

  test('no bytes of a field or URL break out', { timeout: 60_000 }, () => {
    const value = fc.uint8Array({ maxLength: 30 }).map(bytes => Buffer.from(bytes).toString('latin1'))
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 30 })
    const samples = fc.sample(
      fc.tuple(fc.oneof(value, ascii), fc.string({ unit: 'binary', maxLength: 30 })),
      300,
    )
    const all = samples.map(([each, path]) => {
      const field = { name: 'X-Any', value: each } as RequestHead['fields'][number]
      return handshakeCommands({ ...request(), fields: [field] }, `ws://a/${path}`)
    })
    for (const program of PROGRAMS) {
      const words = argumentsOfAll(
        all.map(commands => commands[program]),
        shell,
      )
      expect(words).toHaveLength(samples.length)
      for (const [i, { [program]: line, omitted }] of all.entries()) {
        // eslint-disable-next-line no-control-regex
        expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f]/)
        const own = words[i]?.filter(
          word => !/^(?:--(?!header=|connect=)|Accept:$|User-Agent:$|Host:$)/.test(word),
        )
        const fields = own?.filter(word => /^(?:--header=)?X-Any[:;]/.test(word))
        expect(fields).toHaveLength(omitted.length === 0 ? 1 : 0)
        expect(own).toHaveLength(omitted.length === 0 ? 2 : 1)
      }
    }
  })
})

test.each([
  ['bytes that are not UTF-8', '\xff\xfe'],
  ['terminal escapes', '\x1b[2J'],
  ['a C1 control', '\xc2\x85'],
  ['what turns text around', Buffer.from('\u202e').toString('latin1')],
])('a field of %s is left out, and named', (_, value) => {
  const field = { name: 'X-Odd', value } as RequestHead['fields'][number]
  const commands = handshakeCommands({ ...request(), fields: [field] }, URL_OF)
  expect(commands.omitted).toEqual(['X-Odd'])
  for (const program of PROGRAMS) expect(commands[program]).not.toContain('X-Odd')
})

test('a name that is none is left out too', () => {
  const field = { name: 'X\nA', value: 'b' } as RequestHead['fields'][number]
  expect(handshakeCommands({ ...request(), fields: [field] }, URL_OF).omitted).toEqual(['X\nA'])
})

test.each(['http://a', 'javascript:alert(1)', '-o /etc/passwd', 'ws:', 'ws:///x'])(
  '%s is no place to connect to',
  url => {
    expect(() => handshakeCommands(request(), url)).toThrow(RangeError)
  },
)

test.skipIf(spawnSync('curl', ['--version']).status !== 0)(
  'curl sends the very head that was recorded',
  async () => {
    const lines = [
      ...RFC_REQUEST,
      'X-Empty:',
      'X-Korean: 한글',
      'X-Quoted: it\'s "so" $HOME',
      'accept-ENCODING: gzip',
      'User-Agent: none of yours',
      'Accept: */*',
    ]
    const recorded = Buffer.from(lines.join(CRLF) + CRLF + CRLF)
    const received: Buffer[] = []
    const server = createServer(socket => {
      socket.on('data', part => {
        received.push(part)
        if (Buffer.concat(received).includes('\r\n\r\n'))
          socket.end(head(['HTTP/1.1 400 Bad Request', 'Content-Length: 0']))
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { curl } = handshakeCommands(parseRequestHead(recorded), `ws://127.0.0.1:${port}/chat`)
    const child = spawn('sh', ['-c', curl], { stdio: 'ignore', env: { ...process.env, no_proxy: '*' } })
    await once(child, 'exit')
    server.close()
    const sorted = (bytes: Buffer) => bytes.toString('latin1').split(CRLF).toSorted()
    expect(sorted(Buffer.concat(received)).map(line => line.replace(/^X-Empty: ?$/, 'X-Empty:'))).toEqual(
      sorted(recorded),
    )
  },
)
