/**
 * Readers of every kind come and go for 20 minutes: memory stays flat, file descriptors come back. `npm run soak`, or
 * `npm run soak -- 2` for so many minutes. Ends with 1 when a promise is broken.
 */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import { EVENTS_PATH, LAB_PATH_PREFIX, ROOM_PARAMETER } from '#contract/addresses.ts'
import { ECHO_PATH, gone, LightClient } from './load/light-client.ts'
import { LightPage } from './load/light-page.ts'
import type { Holding } from './load/holding.ts'
import { settled } from './load/measure-faults.ts'
import { Report } from './load/report.ts'
import { ServerProcess } from './load/server-process.ts'

const MINUTES = 20
/** Readers at once; one that goes is followed by another. */
const READERS = 100
/** Words of a reader, and how long it waits before the next, at most. */
const MOST_WORDS = 20
const MOST_PAUSE_MS = 500
/** How often memory is looked at, and by how much it may have grown from the first look that counts to the last. */
const LOOKS = 20
const MOST_HEAP = 0.05
const MOST_MEMORY = 0.1
/** Looks before that: what is made once is made by then. */
const WARM_LOOKS = 2

const MB = 1e6

/** A number that is the same in every run for the same reader. */
function chance(number: number, most: number): number {
  return (number * 2_654_435_761) % most
}

type Kind = (port: number, number: number) => Promise<void>

/** Says words and hears each of them again. */
async function talk(client: LightClient | WebSocket, number: number): Promise<void> {
  const words = 1 + chance(number, MOST_WORDS)
  for (let word = 0; word < words; word++) {
    const text = `읽는 이 ${number}의 말 ${word} ${'x'.repeat(chance(number + word, 1_000))}`
    if (client instanceof WebSocket) {
      client.send(text)
      const [heard] = (await once(client, 'message')) as [Buffer]
      if (heard.toString() !== text) throw new Error('another word came back')
    } else await client.echo(text)
    await pause(chance(number + word, MOST_PAUSE_MS))
  }
}

const KINDS: Readonly<Record<string, Kind>> = {
  async 'talks to the echo'(port, number) {
    const client = await LightClient.open(port, ECHO_PATH)
    await talk(client, number)
    await client.close()
  },
  async 'sees its own connections'(port, number) {
    const page = await LightPage.open(port)
    for (let lab = 0; lab < 3; lab++) {
      const client = await LightClient.open(port, await page.path())
      await talk(client, number + lab)
      await client.close()
    }
    await page.client.close()
  },
  async 'sees them, and goes without a word'(port, number) {
    const page = await LightPage.open(port)
    const client = await LightClient.open(port, await page.path())
    await talk(client, number)
    page.client.socket.destroy()
    await gone(client.socket)
  },
  async compresses(port, number) {
    const client = new WebSocket(`ws://127.0.0.1:${port}${LAB_PATH_PREFIX}deflate`, {
      perMessageDeflate: true,
    })
    const closed = new Promise(resolve => client.once('close', resolve))
    await once(client, 'open')
    await talk(client, number)
    client.close(1000)
    await closed
  },
  async 'is in a room'(port, number) {
    const room = `soakroom${String(number).padStart(16, '0')}`
    const client = new WebSocket(
      `ws://127.0.0.1:${port}${LAB_PATH_PREFIX}broadcast?${ROOM_PARAMETER}=${room}&to=all`,
    )
    const closed = new Promise(resolve => client.once('close', resolve))
    await once(client, 'open')
    client.send('안녕')
    await pause(chance(number, MOST_PAUSE_MS))
    if (client.readyState !== client.OPEN) throw new Error('the room has ended')
    client.terminate()
    await closed
  },
  async 'reads events'(port) {
    const response = await fetch(`http://127.0.0.1:${port}${EVENTS_PATH}?every=50&count=20`, {
      headers: { Accept: 'text/event-stream' },
    })
    await response.text()
    if (response.status !== 200) throw new Error(`events: ${response.status}`)
  },
  async 'goes with an RST'(port, number) {
    const client = await LightClient.open(port, ECHO_PATH)
    await talk(client, number % 10)
    client.socket.resetAndDestroy()
    await gone(client.socket)
  },
}

const minutes = Number(process.argv[2] ?? MINUTES)
if (!(minutes > 0)) {
  process.stderr.write(`How many minutes? "${process.argv[2] ?? ''}" is none.\n`)
  process.exit(1)
}
const report = new Report(`${READERS} readers of ${Object.keys(KINDS).length} kinds for ${minutes} minutes`)
const server = await ServerProcess.start('sandbox')
const kinds = Object.entries(KINDS)
const end = performance.now() + minutes * 60_000
const served: Record<string, number> = {}
const errors: string[] = []

/** One reader after the other in the same place. */
async function place(first: number): Promise<void> {
  for (let number = first; performance.now() < end; number += READERS) {
    const [name, kind] = kinds[(number + Math.floor(number / READERS)) % kinds.length] ?? []
    if (name === undefined || kind === undefined) return
    await kind(server.port, number).then(
      () => (served[name] = (served[name] ?? 0) + 1),
      (error: unknown) => errors.push(`${name}: ${String(error)}`),
    )
  }
}

// Before anybody else: what a page, a lab and a room take once is there when files are counted.
await Promise.all(kinds.map(([, kind]) => kind(server.port, 1)))
await settled(server, 0)
const began = await server.holding()
const places = Array.from({ length: READERS }, (_, number) => place(number))
const looks: Holding[] = []
for (let look = 0; look < LOOKS; look++) {
  await pause((minutes * 60_000) / LOOKS)
  looks.push(await server.holding())
}
await Promise.all(places)
const left = await settled(server, 0)
const over = await server.holding()

const row = (what: 'heap' | 'rss') => looks.map(holding => (holding[what] / MB).toFixed(1)).join(' ')
report.figure(
  'readers served',
  Object.entries(served)
    .map(([name, count]) => `${count} ${name}`)
    .join(', '),
)
report.figure('heap, MB, garbage collected', row('heap'))
report.figure('memory of the process, MB', row('rss'))
report.promise('no error', errors.length === 0, errors.slice(0, 5).join('; ') || 'none')
// Of the same number of readers: halves are compared, as what one look catches them at differs.
for (const [what, name, most] of [
  ['heap', 'heap', MOST_HEAP],
  ['rss', 'memory', MOST_MEMORY],
] as const) {
  const counted = looks.slice(WARM_LOOKS).map(holding => holding[what])
  const half = Math.floor(counted.length / 2)
  const grown = mean(counted.slice(half)) / mean(counted.slice(0, half)) - 1
  report.promise(
    `${name} is flat: grows by ${most * 100} % at most`,
    grown <= most,
    `${(grown * 100).toFixed(1)} %`,
  )
}
report.promise(
  'memory comes back',
  over.rss / began.rss - 1 <= MOST_MEMORY,
  `${((over.rss / began.rss - 1) * 100).toFixed(1)} %`,
)
report.promise(
  'file descriptors come back',
  over.files <= began.files && left === 0,
  `${over.files} of ${began.files}`,
)
report.promise(
  'no uncaught exception',
  server.isRunning && server.strayLines.length === 0,
  server.strayLines.join(' ') || 'none',
)
report.promise('the server ends well', (await server.stop()) === 0, `exit code ${server.child.exitCode}`)
process.exitCode = report.end()

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
