/**
 * A hundred in one room of the lab `gathering`, server and clients in processes of their own: from what one says to each
 * of the hundred having heard it. Nobody may miss a word or hear two out of order.
 */
import { once } from 'node:events'
import WebSocket from 'ws'
import { LAB_PATH_PREFIX, ROOM_PARAMETER } from '#contract/addresses.ts'
import { GATHERING_MOST, GATHERING_NAME, readTold } from '#contract/gathering.ts'
import { percentile } from '../src/wire/report-card.ts'
import { startCourse } from '../tests/support/running-course.ts'

const SECONDS = 10
/** Between two words of the same one. */
const PAUSE_MS = 5_000
/** What the course promises, in milliseconds, of the 95th percentile. */
const GOAL_MS = 100

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

const course = await startCourse(undefined)
try {
  const waits: number[] = []
  let faults = 0
  const guests = await Promise.all(
    Array.from({ length: GATHERING_MOST }, async (_, number) => {
      const query = new URLSearchParams({
        [ROOM_PARAMETER]: 'benchroom0123456789',
        [GATHERING_NAME]: `${number}`,
      })
      const client = new WebSocket(
        new URL(`${LAB_PATH_PREFIX}gathering?${query}`, course.url.replace(/^http/, 'ws')),
      )
      let last: number | undefined
      client.on('message', (data: Buffer) => {
        const told = readTold(data.toString())
        if (told?.kind !== 'say') return
        waits.push(performance.now() - Number(told.text))
        if (last !== undefined && told.number !== last + 1) faults++
        last = told.number
      })
      client.on('error', () => faults++)
      await once(client, 'open')
      return client
    }),
  )
  let said = 0
  const until = performance.now() + SECONDS * 1000
  await Promise.all(
    guests.map(async (client, number) => {
      await pause((PAUSE_MS * number) / guests.length)
      while (performance.now() < until) {
        client.send(JSON.stringify({ kind: 'say', text: String(performance.now()) }))
        said++
        await pause(PAUSE_MS)
      }
    }),
  )
  while (waits.length < said * guests.length) await pause(10)
  for (const client of guests) client.close()
  waits.sort((a, b) => a - b)
  const [half, most, nearly] = [0.5, 0.95, 0.99].map(share => percentile(waits, share)?.toFixed(1))
  console.log(`${guests.length} in one room, ${said} words, ${waits.length} times heard, in ms until heard`)
  console.log(
    `p50 ${half}   p95 ${most} (goal: ${GOAL_MS})   p99 ${nearly}   out of order or lost: ${faults}`,
  )
} finally {
  await course.stop()
}
