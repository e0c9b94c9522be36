import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as startRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, gzipSync, gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { serveSite, SiteError } from '../../sandbox-server/static-site.ts'

const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'"
const PAGE = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>웹소켓</title>`
const SCRIPT = 'console.log(1)'
const SITE: Record<string, string | Uint8Array> = {
  'index.html': PAGE,
  'lessons/handshake/index.html': '<!doctype html><title>핸드셰이크</title>',
  '404.html': '<!doctype html><title>없는 쪽</title>',
  'sw.js': SCRIPT,
  'manifest.webmanifest': '{}',
  'llms.txt': '웹소켓',
  'rss.xml': '<rss/>',
  'lessons/handshake.md': '# 핸드셰이크',
  '_astro/lab.abc123.js': SCRIPT,
  '_astro/lab.abc123.js.br': brotliCompressSync(SCRIPT),
  '_astro/lab.abc123.js.gz': gzipSync(SCRIPT),
}

async function makeFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'site-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

type Get = (
  path: string,
  options?: { method?: string; headers?: Record<string, string> },
) => Promise<{ response: IncomingMessage; body: Buffer }>

/** Serves a site, and gives back how to ask for one of its paths, verbatim. */
async function serveFolder(folder: string): Promise<Get> {
  const server = createServer(serveSite(folder)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return async (path, options = {}) => {
    const request = startRequest({ host: '127.0.0.1', port, path, agent: false, ...options }).end()
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('response', resolve).on('error', reject)
    })
    return { response, body: await buffer(response) }
  }
}

const serve = async () => serveFolder(await makeFolder(SITE))

test('a page is served with the headers that keep it to itself, and checked again each time', async () => {
  const get = await serve()
  const { response, body } = await get('/')
  expect(response.statusCode).toBe(200)
  expect(body.toString()).toBe(PAGE)
  expect(response.headers).toMatchObject({
    'content-type': 'text/html;charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
  })
  const again = await get('/', { headers: { 'If-None-Match': String(response.headers.etag) } })
  expect(again.response.statusCode).toBe(304)
})

test('a page without a policy of its own may still not be framed', async () => {
  const get = await serveFolder(await makeFolder({ 'index.html': '<!doctype html>' }))
  const { response } = await get('/')
  expect(response.headers['content-security-policy']).toBe("frame-ancestors 'none'")
})

test('the service worker is asked for anew each time, so that a new build is noticed', async () => {
  const get = await serve()
  const { response } = await get('/sw.js')
  expect(response.headers).toMatchObject({ 'content-type': 'text/javascript', 'cache-control': 'no-cache' })
})

test.each([
  ['/manifest.webmanifest', 'application/manifest+json'],
  ['/llms.txt', 'text/plain; charset=utf-8'],
  ['/rss.xml', 'application/xml; charset=utf-8'],
  ['/lessons/handshake.md', 'text/markdown; charset=utf-8'],
])('%s is served as %s', async (path, type) => {
  const get = await serve()
  expect((await get(path)).response.headers['content-type']).toBe(type)
})

test('a lesson is found under its folder', async () => {
  const get = await serve()
  const { body } = await get('/lessons/handshake/')
  expect(body.toString()).toContain('핸드셰이크')
})

test('a file with a hash in its name is kept for good, and sent compressed as the client takes it', async () => {
  const get = await serve()
  const path = '/_astro/lab.abc123.js'
  const plain = await get(path)
  expect(plain.response.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript',
    vary: 'Accept-Encoding',
  })
  expect(plain.body.toString()).toBe(SCRIPT)
  const br = await get(path, { headers: { 'Accept-Encoding': 'gzip, br' } })
  expect(br.response.headers['content-encoding']).toBe('br')
  expect(brotliDecompressSync(br.body).toString()).toBe(SCRIPT)
  const gzip = await get(path, { headers: { 'Accept-Encoding': 'gzip' } })
  expect(gzip.response.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT)
})

test("what is not there is answered 404 with the site's own page", async () => {
  const get = await serve()
  const { response, body } = await get('/lessons/none/')
  expect(response.statusCode).toBe(404)
  expect(response.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': `${POLICY}; frame-ancestors 'none'`,
  })
  expect(body.toString()).toContain('없는 쪽')
  const head = await get('/lessons/none/', { method: 'HEAD' })
  expect(head.response.statusCode).toBe(404)
  expect(head.body).toHaveLength(0)
})

test.each(['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '/%', '//etc/passwd'])(
  'nothing outside the folder is served for %s',
  async path => {
    const get = await serve()
    expect((await get(path)).response.statusCode).toBe(404)
  },
)

test('a method that changes things is answered 405', async () => {
  const get = await serve()
  const { response } = await get('/', { method: 'POST' })
  expect(response.statusCode).toBe(405)
  expect(response.headers.allow).toBe('GET, HEAD')
})

test.each(['bytes=0-6', 'bytes=5-2', 'bytes=9999-', 'bytes=-', 'lines=1'])(
  'the range %s is ignored',
  async Range => {
    const get = await serve()
    const { response, body } = await get('/_astro/lab.abc123.js', { headers: { Range } })
    expect(response.statusCode).toBe(200)
    expect(body.toString()).toBe(SCRIPT)
  },
)

test('a file that is gone since the site was read ends its connection and nothing else', async () => {
  const folder = await makeFolder(SITE)
  const get = await serveFolder(folder)
  await rm(join(folder, '_astro/lab.abc123.js'))
  await expect(get('/_astro/lab.abc123.js')).rejects.toThrow('socket hang up')
  expect((await get('/')).response.statusCode).toBe(200)
})

test('a folder without a built site is refused with what to do', async () => {
  const folder = await makeFolder({ 'readme.txt': '' })
  expect(() => serveSite(folder)).toThrow(SiteError)
  expect(() => serveSite(folder)).toThrow(/no built site in .*npm run build/)
})
