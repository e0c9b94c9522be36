import type { Browser } from 'playwright-core'
import { RACE_BOUNDS, type RaceSettings, type RaceTally } from '#contract/race.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import type { RaceRecord } from '../../src/content/race-record.ts'

const usual = Object.fromEntries(
  Object.entries(RACE_BOUNDS).map(([name, { usual }]) => [name, usual]),
) as Record<keyof typeof RACE_BOUNDS, number>

/** Races that lessons show, by the name of their files. */
export const RACES: Readonly<Record<string, RaceSettings>> = {
  race: { ...usual, batching: true, keepAlive: true },
}

/** Runs a race as a page of a real browser asks for it, so that its header fields are that browser's. */
export async function recordRace(
  settings: RaceSettings,
  courseUrl: string,
  browser: Browser,
): Promise<RaceRecord> {
  const page = await browser.newPage({ locale: 'ko-KR', bypassCSP: true })
  await page.goto(new URL('healthz', courseUrl).href)
  const tallies = await page.evaluate(runInPage, {
    control: new URL('control', courseUrl).href.replace('http', 'ws'),
    version: CONTRACT_VERSION,
    settings,
  })
  await page.close()
  return {
    client: `Chromium ${browser.version().split('.')[0]}`,
    recordedAt: new Date().toISOString(),
    settings,
    tallies,
  }
}

function runInPage({
  control,
  version,
  settings,
}: {
  readonly control: string
  readonly version: number
  readonly settings: RaceSettings
}): Promise<RaceTally[]> {
  const { promise, resolve, reject } = Promise.withResolvers<RaceTally[]>()
  const tallies: RaceTally[] = []
  const socket = new WebSocket(control)
  socket.onopen = () => {
    socket.send(JSON.stringify({ type: 'hello', version }))
    socket.send(JSON.stringify({ type: 'race', request: 1, ...settings }))
  }
  socket.onclose = () => reject(new Error('the sandbox went away'))
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const { type, request, ...tally } = JSON.parse(data) as { type: string; request?: number } & RaceTally
    if (type === 'tally' && request === 1) tallies.push(tally)
    else if (type === 'race-over') resolve(tallies)
    else if (type === 'error') reject(new Error(data))
  }
  return promise
}
