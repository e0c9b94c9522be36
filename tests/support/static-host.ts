import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { once } from 'node:events'
import sirv from 'sirv'

/** A host that serves files and nothing else, as a static deployment's does. */
export interface StaticHost {
  /** With a trailing slash. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * @param base path the files are deployed under, as in `/course`
 * @param identity for a host on HTTPS
 */
export async function serveFolder(
  folder: string,
  base = '',
  identity?: { readonly key: string; readonly certificate: string },
): Promise<StaticHost> {
  const serve = sirv(folder)
  const answerAny: RequestListener = (request, response) => {
    const inside = request.url?.startsWith(`${base}/`)
    if (inside) request.url = request.url?.slice(base.length)
    const answer = inside ? serve : (_: unknown, __: unknown, next: () => void) => next()
    answer(request, response, () => {
      response.writeHead(404)
      response.end()
    })
  }
  const server = identity
    ? createTlsServer({ key: identity.key, cert: identity.certificate }, answerAny)
    : createServer(answerAny)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `${identity ? 'https' : 'http'}://127.0.0.1:${address.port}${base}/`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
