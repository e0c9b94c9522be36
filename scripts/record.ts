/**
 * Makes the recordings that lessons show: the real sandbox, a real browser, one scenario for each file. Arguments name
 * the ones to make; without any, all of them are made again.
 */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Browser } from 'playwright-core'
import { format } from 'prettier'
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedConnection,
  type Recording,
} from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { startCourse } from '../tests/support/running-course.ts'
import { RACES, recordRace } from './recordings/races.ts'
import { Recorder } from './recordings/recorder.ts'
import type { Scenario } from './recordings/scenario.ts'
import { SCENARIOS } from './recordings/scenarios.ts'

/** The port that readers see, so that the recorded Host is theirs too; any other when it is taken. */
const USUAL_PORT = 8787

async function usualPortIfFree(): Promise<number> {
  const probe = createServer()
  try {
    await once(probe.listen(USUAL_PORT, '127.0.0.1'), 'listening')
    return USUAL_PORT
  } catch {
    return 0
  } finally {
    probe.close()
  }
}

async function record(scenario: Scenario, courseUrl: string, browser: Browser): Promise<Recording> {
  // A session of its own: its clock begins with the recording.
  const recorder = new Recorder(courseUrl, browser)
  try {
    return {
      format: RECORDING_FORMAT,
      version: RECORDING_VERSION,
      title: scenario.title,
      client: scenario.client ?? `Chromium ${browser.version().split('.')[0]}`,
      recordedAt: new Date().toISOString(),
      connections: fromFirstEvent(await scenario.play(recorder)),
      marks: [],
    }
  } finally {
    recorder.close()
  }
}

/** Starts the clock at the first event and drops what is finer than a microsecond. */
function fromFirstEvent(connections: readonly RecordedConnection[]): RecordedConnection[] {
  const start = Math.min(
    ...connections.flatMap(({ chunks, endings, script }) =>
      [...chunks, ...endings, ...script].map(({ at }) => at),
    ),
  )
  const shift = <T extends { readonly at: number }>(events: readonly T[]): T[] =>
    events.map(event => ({ ...event, at: Math.round(event.at - start) }))
  return connections.map(({ chunks, endings, script, ...rest }) => ({
    ...rest,
    chunks: shift(chunks),
    endings: shift(endings),
    script: shift(script),
  }))
}

const ATTEMPTS = 20

function storyOf({ chunks, script }: RecordedConnection): string {
  const events: { at: number; name: string }[] = [
    ...chunks.map(({ at, from }) => ({ at, name: from })),
    ...script.map(({ at, what }) => ({ at, name: what })),
  ]
  const told = events.toSorted((a, b) => a.at - b.at).map(({ name }) => name)
  return told.join(' ')
}

/** Records until causes come before their effects. */
async function recordInOrder(scenario: Scenario, courseUrl: string, browser: Browser): Promise<Recording> {
  let stories: string[] = []
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const recording = await record(scenario, courseUrl, browser)
    stories = recording.connections.map(storyOf)
    const expected = scenario.story ?? stories
    if (stories.length === expected.length && stories.every((story, place) => story === expected[place]))
      return recording
  }
  throw new Error(
    `${scenario.file}: out of order ${ATTEMPTS} times, the last time as “${stories.join(' | ')}”; try again when the machine is less busy`,
  )
}

const wanted = process.argv.slice(2)
const isRace = (name: string) => Object.hasOwn(RACES, name)
const unknown = wanted.filter(name => !isRace(name) && !SCENARIOS.some(({ file }) => file === name))
if (unknown.length > 0)
  throw new Error(
    `there is no recording ${unknown.join(', ')} (${[...SCENARIOS.map(({ file }) => file), ...Object.keys(RACES)].join(', ')} are)`,
  )
const scenarios = SCENARIOS.filter(({ file }) => wanted.length === 0 || wanted.includes(file))
const course = await startCourse(undefined, { PORT: String(await usualPortIfFree()) })
const browser = await launchBrowser()
try {
  // A cold start distorts times; what it records is not kept.
  for (const scenario of scenarios) await record(scenario, course.url, browser)
  for (const scenario of scenarios) {
    const recording = await recordInOrder(scenario, course.url, browser)
    const file = new URL(`../src/content/recordings/${scenario.file}.json`, import.meta.url)
    await writeFile(
      file,
      await format(serializeRecording(recording, { secrets: 'keep' }), { parser: 'json' }),
    )
    const chunks = recording.connections.map(connection => connection.chunks.length).join(' + ')
    console.log(`${scenario.file}.json: ${chunks} chunks`)
  }
  for (const [name, settings] of Object.entries(RACES).filter(
    ([name]) => wanted.length === 0 || wanted.includes(name),
  )) {
    const race = await recordRace(settings, course.url, browser)
    const file = new URL(`../src/content/races/${name}.json`, import.meta.url)
    await writeFile(file, await format(JSON.stringify(race), { parser: 'json' }))
    console.log(`${name}.json: ${race.tallies.length} tallies`)
  }
} finally {
  await browser.close()
  await course.stop()
}
