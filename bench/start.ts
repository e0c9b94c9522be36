/** Time to the line that says where the course is, when nothing has to be installed or built, against Node alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RUNS = 7
const BARE = `require('node:http').createServer().listen(0, '127.0.0.1', () => console.log('ready'))`

/** Milliseconds from starting a program to its first output; the program is ended then. */
async function timeToFirstLine(args: readonly string[]): Promise<number> {
  const begun = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'close').then(() => Promise.reject(new Error(`${args.join(' ')} printed nothing`))),
  ])
  const elapsed = performance.now() - begun
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  await ended
  return elapsed
}

async function median(args: readonly string[]): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) times.push(await timeToFirstLine(args))
  return times.toSorted((a, b) => a - b)[RUNS >> 1] ?? NaN
}

const start = ['scripts/launch.mjs', 'start']
// The first one installs and builds what is missing.
await timeToFirstLine(start)
const bare = await median(['-e', BARE])
const course = await median(start)
console.log(`bare HTTP server      ${bare.toFixed(0).padStart(6)} ms`)
console.log(
  `second npm start      ${course.toFixed(0).padStart(6)} ms   ${(course / bare).toFixed(1)}x   (goal: 3000 ms)`,
)
