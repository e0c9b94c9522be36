import { readFileSync, statSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'

/** A folder that holds no built site. */
export class SiteError extends Error {
  override readonly name = 'SiteError'
}

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // The page's own policy is in its <meta>, where frame-ancestors is not allowed.
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/** Astro puts a hash in the name of everything below this path. */
const HASHED = '/_astro/'

/**
 * Serves a built site, precompressed files (.br, .gz) where the client takes them. The folder is read once.
 * @throws SiteError when there is no site in the folder
 */
export function serveSite(folder: string): RequestListener {
  if (!statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.isFile())
    throw new SiteError(
      `there is no built site in ${folder} (no index.html): build it first, with npm run build`,
    )
  const notFoundPage = readNotFoundPage(folder)
  const serve = sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, path) {
      response.setHeaders(new Headers(HEADERS))
      response.setHeader(
        'Cache-Control',
        path.includes(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
    onNoMatch: (request, response) => answerNotFound(request, response, notFoundPage),
  })
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': '0' }).end()
      return
    }
    // sirv throws at a range whose end is before its start. A server may ignore ranges (RFC 9110 §14.2).
    delete request.headers.range
    // A file may be gone when the site is built anew; sirv does not listen to the stream that says so.
    response.once('pipe', file => file.once('error', () => response.destroy()))
    serve(request, response)
  }
}

function readNotFoundPage(folder: string): Buffer {
  const path = join(folder, '404.html')
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path) : Buffer.from('Not Found\n')
}

function answerNotFound(request: IncomingMessage, response: ServerResponse, page: Buffer): void {
  response.writeHead(404, {
    ...HEADERS,
    'Content-Type': page[0] === 0x3c ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'Content-Length': String(page.length),
    'Cache-Control': 'no-cache',
  })
  response.end(request.method === 'HEAD' ? undefined : page)
}
