import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A free port below those that the system gives to clients: whoever tries again and again to connect to one of these
 * comes to be connected to itself.
 */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(randomInt(20_000, 30_000), '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return address.port
}
