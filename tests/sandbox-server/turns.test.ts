import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Sandbox } from '../../sandbox-server/sandbox.ts'
import { serveSite } from '../../sandbox-server/static-site.ts'
import { handshake } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

/** Above what the kernel takes for a client that does not read. */
const BIG = 16 * 1024 * 1024
/** Of several reads and writes. */
const LONG = 512 * 1024
const GET_BIG = 'GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n'
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

async function runSite(limits = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'site-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>home</title>')
  await writeFile(join(folder, 'big.bin'), Buffer.alloc(BIG))
  await writeFile(join(folder, 'long.bin'), Buffer.alloc(LONG))
  for (let i = 0; i < 8; i++) await writeFile(join(folder, `${i}.txt`), `file ${i}.`)
  return { folder, ...(await runSandbox({ limits, listener: serveSite(folder) })) }
}

/** Descriptors of this process, in which the server runs, that are open on files of a folder. */
function openFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const file = readlinkSync(`/proc/self/fd/${fd}`)
      return file.startsWith(folder) ? [file] : []
    } catch {
      return []
    }
  })
}

/** For as long as this is not so, the test does not end. */
async function noFileIsOpen(folder: string, sandbox: Sandbox): Promise<void> {
  await eventually(() => sandbox.holdings().connections === 0)
  await eventually(() => openFiles(folder).length === 0)
  expect(openFiles(folder)).toEqual([])
}

/** A client that reads nothing. */
function deafClient(port: number): TcpClient {
  const client = new TcpClient(port)
  client.socket.pause()
  return client
}

const linux = test.skipIf(!existsSync('/proc/self/fd'))

linux(
  'pipelined requests that nobody reads the answers of hold one file, and none when they are gone',
  async () => {
    const { port, folder, sandbox } = await runSite()
    const client = deafClient(port).write(GET_BIG.repeat(10))
    await eventually(() => openFiles(folder).length > 0)
    // Behind what the other requests would have opened meanwhile.
    const other = new TcpClient(port).write(get('/0.txt'))
    await other.until('file 0.')
    other.socket.destroy()
    await eventually(() => sandbox.holdings().connections === 1)
    expect(openFiles(folder)).toEqual([join(folder, 'big.bin')])
    client.socket.destroy()
    await noFileIsOpen(folder, sandbox)
  },
)

linux('a client that pipelines without end is cut off, and no file stays open', async () => {
  const { port, folder, sandbox } = await runSite()
  const client = deafClient(port).write(GET_BIG.repeat(20_000))
  await new Promise(resolve => client.socket.once('close', resolve))
  await noFileIsOpen(folder, sandbox)
})

linux('a client that goes in the middle of an answer leaves no file open', async () => {
  const { port, folder, sandbox } = await runSite()
  const client = new TcpClient(port).write(GET_BIG)
  await client.until('HTTP/1.1 200 OK')
  client.socket.resetAndDestroy()
  await noFileIsOpen(folder, sandbox)
})

test('pipelined requests within the limit are all answered, in their order', async () => {
  const { port } = await runSite({ pipelinedRequests: 7 })
  const client = new TcpClient(port).write([0, 1, 2, 3, 4, 5, 6, 7].map(i => get(`/${i}.txt`)).join(''))
  await client.until('file 7.')
  expect(client.text.match(/file \d\./g)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map(i => `file ${i}.`))
})

test('an answer that ends the connection is the last, whatever was asked behind it', async () => {
  const { port } = await runSite()
  const client = new TcpClient(port).write(get('/lab/echo') + get('/0.txt') + get('/1.txt'))
  const text = await client.rest()
  expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(text).not.toContain('file')
})

test.each([
  ['a handshake', (port: number) => handshake(port), 'HTTP/1.1 101 Switching Protocols'],
  ['what is not HTTP', () => 'nonsense\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
])('%s behind answers that are long is answered after them', async (_what, bytes, answer) => {
  const { port } = await runSite()
  const client = new TcpClient(port).write(get('/long.bin') + get('/0.txt') + bytes(port))
  await client.until(answer)
  expect(client.text.indexOf(answer)).toBeGreaterThan(LONG)
  expect(client.text).toContain(`file 0.${answer}`)
})

test('a handshake behind an answer that nobody reads is given up in time', async () => {
  const { port, sandbox } = await runSite({ stallMs: 50 })
  deafClient(port).write(GET_BIG + handshake(port))
  await eventually(() => sandbox.holdings().connections === 1)
  await eventually(() => sandbox.holdings().connections === 0)
  expect(sandbox.holdings().webSockets).toBe(0)
})

test('a handshake behind an answer that is whole opens its WebSocket', async () => {
  const { port } = await runSite()
  const client = new TcpClient(port).write(get('/0.txt'))
  await client.until('file 0.')
  client.write(handshake(port))
  await client.until('101 Switching Protocols')
  expect(client.text).toContain('file 0.HTTP/1.1 101')
})
