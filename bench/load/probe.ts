/**
 * Preloaded (`--import`) into a server that is measured: tells what it holds, garbage collected, whenever it is asked over
 * the IPC channel. The server itself knows nothing of it.
 */
import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { HOLD, type Holding } from './holding.ts'

/** What buffers hold is given back beside the program, and a collection waits for the one before to be through with it. */
const COLLECTIONS = 3
/** What V8 does when a process is idle for long: without it, pages that hold next to nothing count as whole ones. */
const THOROUGH = { type: 'major', execution: 'sync', flavor: 'last-resort' }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: object) => void

async function hold(): Promise<Holding> {
  for (let count = 0; count < COLLECTIONS; count++) {
    collect(THOROUGH)
    await new Promise(setImmediate)
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const files = readdirSync('/proc/self/fd').length
  return { heap: heapUsed + arrayBuffers, rss, files, processor: user + system }
}

process.on('message', asked => {
  if (asked === HOLD) void hold().then(holding => process.send?.(holding))
})
// Whoever measures is gone: so is the server, whatever it holds.
process.on('disconnect', () => process.exit())
process.channel?.unref()
