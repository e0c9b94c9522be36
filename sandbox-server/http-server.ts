import { createServer, type RequestListener, type Server } from 'node:http'
import type { Limits } from './limits.ts'

/** The sandbox's own HTTP server, bounded in size and time. */
export function createHttpServer(limits: Limits, listener: RequestListener): Server {
  return createServer(
    {
      maxHeaderSize: limits.headBytes,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      // Node looks at the two timeouts above only every 30 s unless told otherwise.
      connectionsCheckingInterval: limits.checkingIntervalMs,
      // Another protocol's offer (h2c) may be ignored: the request is served as if it were not there (RFC 9110 §7.8).
      shouldUpgradeCallback: request => /(^|,)\s*websocket\s*(,|$)/i.test(request.headers.upgrade ?? ''),
    },
    listener,
  )
}
