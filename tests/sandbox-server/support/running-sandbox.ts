import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import type { Logger } from 'pino'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../sandbox-server/clock.ts'
import { readConfig } from '../../../sandbox-server/config.ts'
import { createHttpServer } from '../../../sandbox-server/http-server.ts'
import type { Limits } from '../../../sandbox-server/limits.ts'
import { createSandbox, type Sandbox } from '../../../sandbox-server/sandbox.ts'

interface Running {
  readonly port: number
  /** `http://127.0.0.1:port` */
  readonly origin: string
  readonly sandbox: Sandbox
  readonly server: Server
}

interface Setting {
  readonly limits?: Partial<Limits>
  readonly environment?: Record<string, string>
  readonly clock?: Clock
  readonly log?: Logger
  /** Answers what is not the sandbox's; an ordinary page unless given. */
  readonly listener?: RequestListener
}

const ordinaryPage: RequestListener = (_request, response) => {
  response.end('ordinary page')
}

/** Starts a sandbox on a free port and stops it after the test. */
export async function runSandbox({
  limits,
  environment,
  clock,
  log,
  listener = ordinaryPage,
}: Setting = {}): Promise<Running> {
  const read = readConfig({ PORT: '0', ...environment })
  const config = { ...read, limits: { ...read.limits, ...limits } }
  const sandbox = createSandbox(config, { ...(clock && { clock }), ...(log && { log }) })
  const server = createHttpServer(config.limits, listener)
  sandbox.attach(server, { owned: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    await sandbox.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return { port: address.port, origin: `http://127.0.0.1:${address.port}`, sandbox, server }
}

/** Waits until something is so, looking again at every turn of the loop. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve))
}
