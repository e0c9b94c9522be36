/** A sandbox whose clock jumps by as many microseconds as it is told over the IPC channel. */
import type { AddressInfo } from 'node:net'
import { processClock } from '../../sandbox-server/clock.ts'
import { readConfig } from '../../sandbox-server/config.ts'
import { createHttpServer } from '../../sandbox-server/http-server.ts'
import { createSandbox } from '../../sandbox-server/sandbox.ts'
import { JUMP, type Jump } from './holding.ts'

const config = readConfig(process.env)
let jumped = 0
const sandbox = createSandbox(config, { clock: () => processClock() + jumped })
const server = createHttpServer(config.limits, (_request, response) => response.end())
sandbox.attach(server, { owned: true })
process.on('message', (told: Jump) => {
  if (typeof told !== 'object' || !(JUMP in told)) return
  jumped += told[JUMP]
  process.send?.(told)
})
process.on('SIGTERM', () => {
  server.close()
  void sandbox.close().then(() => process.exit(0))
})
server.listen(config.port, config.host, () =>
  process.stdout.write(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/\n`),
)
