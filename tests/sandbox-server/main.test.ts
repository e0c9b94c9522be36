import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLab } from './support/page.ts'
import { TcpClient } from './support/tcp-client.ts'

const MAIN = fileURLToPath(new URL('../../sandbox-server/main.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

interface Started {
  readonly child: ChildProcess
  /** What it has printed when its first line was whole. */
  firstLine(): Promise<string>
  ended(): Promise<Ended>
}

/** @param stderr a file descriptor or its stream, unless what it says there is to be looked at */
function start(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
  stderr: number | Writable | 'pipe' = 'pipe',
): Started {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', stderr],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const { stdout } = child
  if (!stdout) throw new Error('no standard output')
  const output = text(stdout)
  const errors = child.stderr ? text(child.stderr) : Promise.resolve('')
  const exit = once(child, 'exit')
  let printed = ''
  stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  return {
    child,
    async firstLine() {
      while (!printed.includes('\n')) {
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${await errors}`)
        await Promise.race([once(stdout, 'data'), exit])
      }
      return printed
    },
    async ended() {
      await exit
      return { code: child.exitCode, signal: child.signalCode, output: await output, errors: await errors }
    },
  }
}

async function startAlone(
  environment: Readonly<Record<string, string>> = {},
  stderr?: number | Writable,
): Promise<Started & { port: number }> {
  const started = start([], environment, stderr)
  const line = await started.firstLine()
  return { ...started, port: Number(/:(\d+)\/\n$/.exec(line)?.[1]) }
}

describe('when it is ready, it prints one line', () => {
  test('with the WebSocket URL of a sandbox alone', async () => {
    const { child, ended, firstLine } = start()
    expect(await firstLine()).toMatch(/^웹소켓 해부학 샌드박스: ws:\/\/127\.0\.0\.1:\d+\/\n$/)
    child.kill('SIGTERM')
    expect((await ended()).output).toMatch(/^[^\n]*\n$/)
  })

  test.each(['0.0.0.0', '::'])('with a URL that can be opened when it listens on HOST=%s', async HOST => {
    const { firstLine } = start([], { HOST, PUBLIC_ORIGINS: 'https://course.example' })
    const url = /ws(:\S+)/.exec(await firstLine())?.[1]
    expect((await fetch(`http${url}healthz`)).status).toBe(200)
  })

  test('with the URL of the page when it serves the site too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'site-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>웹소켓 해부학</title>')
    const { firstLine } = start(['--site', folder])
    const line = await firstLine()
    expect(line).toMatch(/^웹소켓 해부학: http:\/\/127\.0\.0\.1:\d+\/\n$/)
    const url = line.slice(line.indexOf('http')).trim()
    expect(await (await fetch(url)).text()).toContain('<title>웹소켓 해부학')
    expect(await (await fetch(`${url}healthz`)).text()).toBe('ok\n')
  })
})

describe('what keeps it from starting is said in one line, with a failing exit', () => {
  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const address = other.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const { code, output, errors } = await start([], { PORT: String(port) }).ended()
    expect([code, output]).toEqual([1, ''])
    expect(errors).toMatch(
      new RegExp(`^port ${port} of 127\\.0\\.0\\.1 is already in use: .*PORT=<number>\\.\\n$`),
    )
  })

  const cases: [what: string, args: string[], environment: Record<string, string>, sentence: RegExp][] = [
    ['a port that is no number', [], { PORT: 'http' }, /^PORT must be/],
    [
      'an address of another machine',
      [],
      { HOST: '192.0.2.1', PUBLIC_ORIGINS: 'https://a.example' },
      /^HOST=192\.0\.2\.1/,
    ],
    ['every address without origins', [], { HOST: '0.0.0.0' }, /^HOST=0\.0\.0\.0 .*PUBLIC_ORIGINS/],
    ['a limit that does not exist', [], { LIMIT_NOTHING: '1' }, /^LIMIT_NOTHING/],
    [
      'a folder without a site',
      ['--site', join(tmpdir(), 'no such folder')],
      {},
      /^there is no built site in/,
    ],
    ['an option that does not exist', ['--sight'], {}, /--sight.*usage:/],
  ]
  test.each(cases)('%s', async (_what, args, environment, sentence) => {
    const { code, output, errors } = await start(args, environment).ended()
    expect([code, output]).toEqual([1, ''])
    expect(errors).toMatch(sentence)
    expect(errors).toMatch(/^[^\n]+\n$/)
  })
})

describe('told to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s, it closes labs with 1001 and ends well', async signal => {
    const { child, ended, port } = await startAlone()
    const lab = openLab(port)
    await once(lab, 'open')
    const closed = once(lab, 'close')
    child.kill(signal)
    const [code] = await closed
    expect(code).toBe(1001)
    expect(await ended()).toMatchObject({ code: 0, errors: '' })
  })

  test('by one signal that arrives twice, it still says 1001', async () => {
    const { child, ended, port } = await startAlone()
    const lab = openLab(port)
    await once(lab, 'open')
    const closed = once(lab, 'close')
    child.kill('SIGTERM')
    child.kill('SIGINT')
    const [code] = await closed
    expect(code).toBe(1001)
    expect(await ended()).toMatchObject({ code: 0 })
  })

  test('it ends while a client never answers the Close and another never finishes its request', async () => {
    const { child, ended, port } = await startAlone({ LIMIT_CLOSING_HANDSHAKE_MS: '100' })
    const lab = openLab(port)
    await once(lab, 'open')
    lab.pause()
    const unfinished = new TcpClient(port).write('GET / HTTP/1.1\r\n')
    await once(unfinished.socket, 'connect')
    child.kill('SIGTERM')
    expect((await ended()).code).toBe(0)
  })

  test('it ends at the latest when its time is up', async () => {
    const { child, ended, port } = await startAlone({
      LIMIT_SHUTDOWN_MS: '100',
      LIMIT_CLOSING_HANDSHAKE_MS: '60000',
    })
    const lab = openLab(port)
    await once(lab, 'open')
    lab.pause()
    child.kill('SIGTERM')
    expect((await ended()).code).toBe(1)
  })

  test('it ends well while its log cannot be written', async () => {
    const full = openSync('/dev/full', 'w')
    const { child, ended, port } = await startAlone({ LOG_LEVEL: 'debug' }, full)
    closeSync(full)
    const lab = openLab(port)
    await once(lab, 'open')
    child.kill('SIGTERM')
    expect(await ended()).toMatchObject({ code: 0, signal: null })
  })

  test('it ends well while nobody reads its log', async () => {
    const nobody = spawn('sleep', ['600'], { stdio: ['pipe', 'ignore', 'ignore'] })
    onTestFinished(() => void nobody.kill('SIGKILL'))
    // More than a pipe takes: whoever writes after it waits, or is told to.
    nobody.stdin.on('error', () => {})
    nobody.stdin.write(Buffer.alloc(4 * 1024 * 1024))
    const { child, ended, port } = await startAlone({ LOG_LEVEL: 'debug' }, nobody.stdin)
    const lab = openLab(port)
    await once(lab, 'open')
    child.kill('SIGTERM')
    expect(await ended()).toMatchObject({ code: 0, signal: null })
  })

  test('again and again, it ends at once', async () => {
    const { child, ended, port } = await startAlone({
      LIMIT_SHUTDOWN_MS: '60000',
      LIMIT_CLOSING_HANDSHAKE_MS: '60000',
    })
    const waiting = openLab(port)
    const closing = openLab(port)
    await Promise.all([once(waiting, 'open'), once(closing, 'open')])
    waiting.pause()
    child.kill('SIGINT')
    // The first signal has arrived when the other lab hears of it.
    await once(closing, 'close')
    const insisting = setInterval(() => child.kill('SIGINT'), 50)
    const { code } = await ended()
    clearInterval(insisting)
    expect(code).toBe(1)
  })
})
