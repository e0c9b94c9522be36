import { readFileSync, statSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { Readable } from 'node:stream'
import sirv from 'sirv'

/** A folder that holds no built site. */
export class SiteError extends Error {
  override readonly name = 'SiteError'
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/** Types that do not say how their text is encoded unless they are told to. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
}

/** Astro puts a hash in the name of everything below this path. */
const HASHED = '/_astro/'

/**
 * Serves a built site, precompressed files (.br, .gz) where the client takes them. The folder is read once.
 * @throws SiteError when there is no site in the folder
 */
export function serveSite(folder: string): RequestListener {
  const home = join(folder, 'index.html')
  if (!statSync(home, { throwIfNoEntry: false })?.isFile())
    throw new SiteError(
      `there is no built site in ${folder} (no index.html): build it first, with npm run build`,
    )
  const headers = { ...HEADERS, 'Content-Security-Policy': policyFor(readFileSync(home, 'utf8')) }
  const notFoundPage = readNotFoundPage(folder)
  const serve = sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, path) {
      response.setHeaders(new Headers(headers))
      const type = TEXT_TYPES[extname(path)]
      if (type !== undefined) response.setHeader('Content-Type', type)
      response.setHeader(
        'Cache-Control',
        path.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
    onNoMatch: (request, response) => answerNotFound(request, response, notFoundPage, headers),
  })
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': '0' }).end()
      return
    }
    // sirv throws at a range whose end is before its start. A server may ignore ranges (RFC 9110 §14.2).
    delete request.headers.range
    response.once('pipe', (file: Readable) => {
      // A file may be gone when the site is built anew; sirv does not listen to the stream that says so.
      file.once('error', () => response.destroy())
      // Nor does it close the file of a client that went before the end.
      response.once('close', () => file.destroy())
    })
    serve(request, response)
  }
}

/** The policy that pages carry in a <meta>, the same on each, and what only a header can say. */
function policyFor(page: string): string {
  const own = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/i.exec(page)?.[1]
  return [own, "frame-ancestors 'none'"].filter(part => part !== undefined).join('; ')
}

function readNotFoundPage(folder: string): Buffer {
  const path = join(folder, '404.html')
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path) : Buffer.from('Not Found\n')
}

function answerNotFound(
  request: IncomingMessage,
  response: ServerResponse,
  page: Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(404, {
    ...headers,
    'Content-Type': page[0] === 0x3c ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'Content-Length': String(page.length),
    'Cache-Control': 'no-cache',
  })
  response.end(request.method === 'HEAD' ? undefined : page)
}
