import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What buffers hold is given back beside the program, and a collection waits for the one before to be through with it. */
const COLLECTIONS = 3

/** Bytes that are in use once everything that can be given back is: objects, and what buffers hold. */
export function memoryInUse(): number {
  for (let count = 0; count < COLLECTIONS; count++) collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
