import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig, type Config } from './config.ts'
import { createHttpServer } from './http-server.ts'
import { logToStandardError } from './operations.ts'
import { reachableAuthority } from './reachable-address.ts'
import { createSandbox } from './sandbox.ts'
import { serveSite, SiteError } from './static-site.ts'

function stopWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function readCommandLine(): { site: string | undefined; config: Config; serve: RequestListener } {
  try {
    const { site } = parseArgs({ options: { site: { type: 'string' } } }).values
    return {
      site,
      config: readConfig(process.env),
      serve: site === undefined ? serveNothing : serveSite(site),
    }
  } catch (error) {
    if (error instanceof ConfigError || error instanceof SiteError) stopWith(error.message)
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      stopWith(`${error.message} (usage: node sandbox-server/main.ts [--site <folder>])`)
    throw error
  }
}

const serveNothing: RequestListener = (_request, response) => {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end('This is the sandbox alone; the course is served elsewhere.\n')
}

function listenFailure(error: NodeJS.ErrnoException, { host, port }: Config): string {
  const where = `port ${port} of ${host}`
  if (error.code === 'EADDRINUSE')
    return `${where} is already in use: stop what uses it, or choose another one with PORT=<number>.`
  if (error.code === 'EACCES')
    return `${where} may not be opened by this user: choose one above 1023 with PORT=<number>.`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `HOST=${host} is not an address of this machine.`
  return `${where} cannot be opened: ${error.message}`
}

const { site, config, serve } = readCommandLine()
const { log, end: endLog } = logToStandardError(config.logLevel)
const sandbox = createSandbox(config, { log })
sandbox.operations.watchProcess()
const server = createHttpServer(config.limits, serve)
sandbox.attach(server, { owned: true })

/** A signal to the whole process group reaches us twice, the second time through the launcher. */
const SAME_SIGNAL_MS = 500
let stoppingSince: number | undefined
async function stop(): Promise<void> {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1)
    return
  }
  stoppingSince = performance.now()
  setTimeout(() => process.exit(1), config.limits.shutdownMs).unref()
  server.close()
  await sandbox.close()
  await endLog()
  process.exit(0)
}

server.on('error', error => stopWith(listenFailure(error, config)))
server.listen(config.port, config.host)
await once(server, 'listening')
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
const address = server.address()
const port = address !== null && typeof address === 'object' ? address.port : config.port
const authority = reachableAuthority(config, port)
process.stdout.write(
  site === undefined
    ? `웹소켓 해부학 샌드박스: ws://${authority}/\n`
    : `웹소켓 해부학: http://${authority}/\n`,
)
