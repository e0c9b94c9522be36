import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import WebSocket, { type ClientOptions } from 'ws'
import { builtSite } from '../support/built-site.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { labPath, Page } from '../sandbox-server/support/page.ts'
import { ask, askAt, asked, askInTheOpen, tlsOf } from './support/asking.ts'
import { PROXIES, type RunningProxy } from './support/proxies.ts'

const HOST = 'course.example'
const ORIGIN = `https://${HOST}`
/** So often that a connection is seen to outlive some of them. */
const PING_MS = 200

let site: string
let course: RunningCourse

const portOf = ({ url }: RunningCourse) => Number(new URL(url).port)
const startSandbox = (environment: Readonly<Record<string, string>> = {}) =>
  startCourse(site, { PUBLIC_ORIGINS: ORIGIN, TRUSTED_PROXIES: '127.0.0.1', ...environment })

beforeAll(async () => {
  site = await builtSite()
  course = await startSandbox({ LIMIT_PING_INTERVAL_MS: String(PING_MS) })
})
afterAll(() => course?.stop())

describe.each(PROXIES)('behind $name', ({ isHere, start }) => {
  describe.runIf(isHere)('with the shipped configuration', () => {
    let proxy: RunningProxy

    beforeAll(async () => {
      proxy = await start({ kind: 'course', host: HOST, site, sandboxPort: portOf(course) })
    })
    afterAll(() => proxy?.stop())

    const origin = () => `wss://127.0.0.1:${proxy.httpsPort}`
    const options = (headers: Readonly<Record<string, string>> = {}): ClientOptions => {
      const { servername, ca, agent } = tlsOf(proxy, HOST)
      return { servername, ca, agent, headers: { Host: HOST, Origin: ORIGIN, ...headers } } as ClientOptions
    }
    const openPage = () => Page.open(proxy.httpsPort, options(), origin())
    const openLab = (ticket: string, headers?: Readonly<Record<string, string>>, lab?: string) => {
      const client = new WebSocket(`${origin()}${labPath(ticket, lab)}`, options(headers))
      client.on('error', () => {})
      onTestFinished(() => client.terminate())
      return client
    }

    describe('the site', () => {
      const hashed = (ending: string) =>
        `/_astro/${readdirSync(`${site}/_astro`).find(name => name.endsWith(ending)) ?? ending}`
      const files: readonly (() => string)[] = [
        () => '/',
        () => '/lessons/handshake/',
        () => '/lessons/handshake.md',
        () => '/llms.txt',
        () => '/sitemap.xml',
        () => '/manifest.webmanifest',
        () => '/icon.svg',
        () => '/sw.js',
        () => hashed('.js'),
        () => hashed('.css'),
        () => hashed('.woff2'),
        () => '/no/such/page/',
        () => '/_astro/no-such-file.js',
      ]
      const PROMISED = [
        'content-security-policy',
        'x-content-type-options',
        'x-frame-options',
        'referrer-policy',
        'cross-origin-opener-policy',
        'cache-control',
      ]

      test.each(files)(
        'has every file with the bytes and headers of the sandbox’s own server (%#)',
        async pathOf => {
          const path = pathOf()
          const theirs = await ask(proxy, HOST, path)
          const ours = await askAt(portOf(course), '127.0.0.1', path)
          expect(theirs.status).toBe(ours.status)
          expect(theirs.body.equals(ours.body)).toBe(true)
          for (const name of PROMISED)
            expect.soft([name, theirs.headers[name]]).toEqual([name, ours.headers[name]])
          expect(theirs.headers['strict-transport-security']).toBe('max-age=31536000')
          expect(sameType(theirs.headers['content-type'])).toBe(sameType(ours.headers['content-type']))
        },
      )

      test('comes compressed as it was built, to who takes that', async () => {
        const { headers, body } = await ask(proxy, HOST, '/', { 'Accept-Encoding': 'gzip' })
        expect(headers['content-encoding']).toBe('gzip')
        expect(headers.vary).toMatch(/accept-encoding/i)
        expect(gunzipSync(body).equals((await ask(proxy, HOST, '/')).body)).toBe(true)
      })

      test('is not served over HTTP, which leads to HTTPS', async () => {
        const { status, headers } = await askInTheOpen(proxy, HOST, '/lessons/handshake/')
        expect([301, 308]).toContain(status)
        expect(headers.location).toMatch(/^https:\/\/course\.example(:\d+)?\/lessons\/handshake\/$/)
      })

      test('has a directory under its name with a slash only', async () => {
        const { status, headers } = await ask(proxy, HOST, '/lessons/handshake')
        expect([301, 308]).toContain(status)
        expect(headers.location).toBe('/lessons/handshake/')
      })
    })

    test('a name that is not the course’s gets no answer', async () => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: proxy.httpsPort,
        servername: 'other.example',
        rejectUnauthorized: false,
      })
      onTestFinished(() => void socket.destroy())
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
      expect(error.code).toMatch(/^ERR_SSL_TLSV1_(ALERT|UNRECOGNIZED)/)
    })

    test('the health of the sandbox can be asked for, its metrics cannot', async () => {
      expect((await ask(proxy, HOST, '/healthz')).body.toString()).toBe('ok\n')
      expect((await ask(proxy, HOST, '/metrics')).status).toBe(404)
    })

    test('a lab opens with a ticket, and its page sees both ends’ bytes', async () => {
      const page = await openPage()
      const { ticket, connection } = await page.ticket()
      const lab = openLab(ticket)
      await once(lab, 'open')
      lab.send('안녕하세요')
      const [echoed] = (await once(lab, 'message')) as [Buffer]
      expect(echoed.toString()).toBe('안녕하세요')
      const head = page.bytes(connection, 'client').toString('latin1')
      expect(head).toContain(`\r\nHost: ${HOST}\r\n`)
      expect(head).toContain(`\r\nOrigin: ${ORIGIN}\r\n`)
      await expect.poll(() => page.bytes(connection, 'server').includes('안녕하세요')).toBe(true)
    })

    test('every lab opens, whatever was asked for before: no connection to the sandbox is used again', async () => {
      const page = await openPage()
      for (let i = 0; i < 5; i++) {
        await ask(proxy, HOST, '/healthz', { Connection: 'keep-alive' })
        const lab = openLab((await page.ticket()).ticket)
        await once(lab, 'open')
        lab.close()
        await once(lab, 'close')
      }
      expect(page.control.readyState).toBe(WebSocket.OPEN)
    })

    test('the sandbox is told who asks, not who they say they are', async () => {
      const page = await openPage()
      const { ticket, connection } = await page.ticket()
      await once(openLab(ticket, { 'X-Forwarded-For': '203.0.113.9' }), 'open')
      const head = () => page.bytes(connection, 'client').toString('latin1')
      await expect.poll(head).toMatch(/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/i)
      expect(head()).not.toContain('203.0.113.9')
    })

    test('a page of another origin gets in nowhere', async () => {
      const client = new WebSocket(`${origin()}/control`, options({ Origin: 'https://other.example' }))
      onTestFinished(() => client.terminate())
      const [error] = (await once(client, 'error')) as [Error]
      expect(error.message).toContain('403')
    })

    test('a control channel on which nobody speaks outlives the pings of the sandbox', async () => {
      const page = await openPage()
      for (let i = 0; i < 5; i++) await once(page.control, 'ping')
      page.say({ type: 'heartbeat', request: 99 })
      expect((await page.told('heartbeat', ({ request }) => request === 99)).request).toBe(99)
    })

    test('events come when they are told, not at the end', async () => {
      const response = await asked(proxy, HOST, '/events?every=200&count=3', {
        Accept: 'text/event-stream',
        Origin: ORIGIN,
      })
      expect(response.statusCode).toBe(200)
      let parts = 0
      let text = ''
      for await (const part of response) {
        parts++
        text += String(part)
      }
      expect(text.match(/^id: /gm)).toHaveLength(3)
      expect(parts).toBeGreaterThanOrEqual(3)
    })

    test('a stream of events ends at the sandbox when its reader has gone', async () => {
      const held = async () => {
        const { body } = await askAt(portOf(course), '127.0.0.1', '/metrics')
        return Number(/^anatomy_held\{what="connections"\} (\d+)$/m.exec(body.toString())?.[1])
      }
      const events = { Accept: 'text/event-stream', Origin: ORIGIN }
      const before = await held()
      const streams = await Promise.all(
        Array.from({ length: 3 }, () => asked(proxy, HOST, '/events?every=10000&count=100', events)),
      )
      for (const stream of streams) stream.on('error', () => {})
      expect(await held()).toBeGreaterThanOrEqual(before + streams.length)
      for (const stream of streams) stream.destroy()
      await expect.poll(held).toBeLessThanOrEqual(before)
    })

    test('a link into the sandbox is answered by it, not with a page', async () => {
      const { status, headers } = await ask(proxy, HOST, '/lab/echo')
      expect(status).toBe(426)
      expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    })
  })

  describe.runIf(isHere)('when the sandbox is stopped', () => {
    test('pages are told 1001, and the site can be read on', async () => {
      const sandbox = await startSandbox()
      onTestFinished(async () => {
        await sandbox.stop()
      })
      const proxy = await start({ kind: 'course', host: HOST, site, sandboxPort: portOf(sandbox) })
      onTestFinished(() => proxy.stop())
      const { servername, ca } = tlsOf(proxy, HOST)
      const page = await Page.open(
        proxy.httpsPort,
        { servername, ca, headers: { Host: HOST, Origin: ORIGIN } } as ClientOptions,
        `wss://127.0.0.1:${proxy.httpsPort}`,
      )
      const closed = once(page.control, 'close')
      expect(await sandbox.stop()).toBe(0)
      expect((await closed)[0]).toBe(1001)
      expect((await ask(proxy, HOST, '/healthz')).status).toBe(502)
      expect((await ask(proxy, HOST, '/')).status).toBe(200)
    })
  })
})

/** A media type as it means: two have two names, and some are UTF-8 whether they say so or not. */
function sameType(type: string | undefined): string | undefined {
  const [name = '', ...parameters] = (type ?? '').toLowerCase().split(/;\s*/)
  const usual = { 'application/javascript': 'text/javascript', 'text/xml': 'application/xml' }[name] ?? name
  return /^text\/(html|plain|markdown)$|xml$/.test(usual) ? [usual, ...parameters].join('; ') : usual
}
