import { once } from 'node:events'
import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest, type RequestOptions } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { RunningProxy } from './proxies.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** How a client that knows the name reaches the proxy under it. */
export function tlsOf({ httpsPort, certificate }: RunningProxy, host: string): RequestOptions {
  return { host: '127.0.0.1', port: httpsPort, servername: host, ca: certificate.certificate, agent: false }
}

/** A response whose body is yet to come. */
export async function asked(
  proxy: RunningProxy,
  host: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const request = tlsRequest({ ...tlsOf(proxy, host), path, headers: { Host: host, ...headers } }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

export async function ask(...which: Parameters<typeof asked>): Promise<Answer> {
  return whole(await asked(...which))
}

/** Over HTTP, which nothing is to be served over. */
export async function askInTheOpen({ httpPort }: RunningProxy, host: string, path: string): Promise<Answer> {
  return askAt(httpPort, host, path)
}

export async function askAt(
  port: number,
  host: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const request = plainRequest({
    host: '127.0.0.1',
    port,
    path,
    headers: { Host: host, ...headers },
    agent: false,
  }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return whole(response)
}

async function whole(response: IncomingMessage): Promise<Answer> {
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) }
}
