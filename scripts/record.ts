/** Makes the recordings that lessons show: the real sandbox, a real browser, one scenario for each file. */
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Browser } from 'playwright-core'
import { format } from 'prettier'
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  serializeRecording,
  type RecordedConnection,
  type Recording,
  type ScriptEvent,
} from '#recording/recording.ts'
import { sandboxAddress } from '../src/sandbox/address.ts'
import { ControlChannel } from '../src/sandbox/control-channel.ts'
import { CapturedConnection } from '../src/wire/captured-connection.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { startCourse } from '../tests/support/running-course.ts'

interface Scenario {
  readonly file: string
  readonly title: string
  readonly protocols: readonly string[]
  readonly text: string
}

const SCENARIOS: readonly Scenario[] = [
  { file: 'first-connection', title: '첫 연결', protocols: [], text: '안녕' },
  { file: 'handshake', title: '핸드셰이크', protocols: ['anatomy.v1', 'anatomy.v2'], text: '안녕하세요' },
]

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

/**
 * Runs in the page: connects, sends, waits for the echo, closes. Times are milliseconds of the system's clock, words
 * those of the labs.
 */
async function playInPage(scenario: {
  url: string
  protocols: readonly string[]
  text: string
}): Promise<ScriptEvent[]> {
  const { url, protocols, text } = scenario
  const script: ScriptEvent[] = []
  const note = (what: ScriptEvent['what'], detail: string) => {
    script.push({ at: performance.timeOrigin + performance.now(), what, detail })
  }
  const offered = protocols.map(each => JSON.stringify(each)).join(', ')
  note('new', `new WebSocket(url${offered === '' ? '' : `, [${offered}]`})`)
  const socket = protocols.length === 0 ? new WebSocket(url) : new WebSocket(url, [...protocols])
  socket.addEventListener('open', () => {
    note('open', socket.protocol === '' ? '' : `protocol: ${JSON.stringify(socket.protocol)}`)
    note('send', JSON.stringify(text))
    socket.send(text)
  })
  socket.addEventListener('message', ({ data }) => {
    note('message', JSON.stringify(data))
    note('close()', '1000')
    socket.close(1000)
  })
  socket.addEventListener('error', () => {
    note('error', '')
  })
  const { promise, resolve } = Promise.withResolvers<ScriptEvent[]>()
  socket.addEventListener('close', ({ code, wasClean }) => {
    note('close', `code ${code} · wasClean ${wasClean}`)
    resolve(script)
  })
  return promise
}

async function record(scenario: Scenario, courseUrl: string, browser: Browser): Promise<Recording> {
  // A session of its own: its clock begins with the recording.
  const address = sandboxAddress(new URL(courseUrl), undefined)
  const channel = new ControlChannel({
    address,
    now: () => performance.timeOrigin + performance.now(),
  })
  const connection = new CapturedConnection(1, 'echo')
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const ticket = await channel.ticket('echo', event => {
    if (event.type === 'chunk') connection.addChunk(event.from, event.bytes, event.at)
    else if (event.type === 'dropped') connection.addDropped(event.chunks, event.bytes)
    else if (event.type === 'ending') {
      connection.endings.push({ at: event.at, how: event.how })
      if (event.how === 'closed') resolve()
    }
  })
  // The page needs an origin that the sandbox lets in, and nothing else.
  const page = await browser.newPage({ locale: 'ko-KR', bypassCSP: true })
  await page.goto(new URL('healthz', courseUrl).href)
  const { protocols, text, title } = scenario
  const script = await page.evaluate(playInPage, { url: ticket.url, protocols, text })
  await closed
  const sessionMinusSystem =
    (channel.sessionTime() ?? 0) - (performance.timeOrigin + performance.now()) * 1000
  connection.script.push(...script.map(event => ({ ...event, at: event.at * 1000 + sessionMinusSystem })))
  await page.close()
  channel.close()
  if (connection.dropped.chunks > 0)
    throw new Error(`${scenario.file}: the mirror dropped chunks, record again`)
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title,
    client: `Chromium ${browser.version().split('.')[0]}`,
    recordedAt: new Date().toISOString(),
    connections: [fromFirstEvent(connection.toRecorded())],
    marks: [],
  }
}

/** Starts the clock at the first event and drops what is finer than a microsecond. */
function fromFirstEvent(recorded: RecordedConnection): RecordedConnection {
  const { chunks, endings, script } = recorded
  const start = Math.min(...[...chunks, ...endings, ...script].map(({ at }) => at))
  const shift = <T extends { readonly at: number }>(events: readonly T[]): T[] =>
    events.map(event => ({ ...event, at: Math.round(event.at - start) }))
  return { ...recorded, chunks: shift(chunks), endings: shift(endings), script: shift(script) }
}

/** The order in which a scenario happens; on a busy machine the two clocks may not agree well enough to show it. */
const STORY = 'new client server open send client server message close() client server close'
const ATTEMPTS = 20

function tellsItsStory({ chunks, script }: RecordedConnection): boolean {
  const events: { at: number; name: string }[] = [
    ...chunks.map(({ at, from }) => ({ at, name: from })),
    ...script.map(({ at, what }) => ({ at, name: what })),
  ]
  const told = events.toSorted((a, b) => a.at - b.at).map(({ name }) => name)
  return told.join(' ') === STORY
}

/** Records until causes come before their effects. */
async function recordInOrder(scenario: Scenario, courseUrl: string, browser: Browser): Promise<Recording> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const recording = await record(scenario, courseUrl, browser)
    if (recording.connections.every(tellsItsStory)) return recording
  }
  throw new Error(`${scenario.file}: out of order ${ATTEMPTS} times; try again when the machine is less busy`)
}

const course = await startCourse(undefined, { PORT: String(await usualPortIfFree()) })
const browser = await launchBrowser()
try {
  // A cold start distorts times; what it records is not kept.
  for (const scenario of SCENARIOS) await record(scenario, course.url, browser)
  for (const scenario of SCENARIOS) {
    const recording = await recordInOrder(scenario, course.url, browser)
    const file = new URL(`../src/content/recordings/${scenario.file}.json`, import.meta.url)
    await writeFile(file, await format(serializeRecording(recording), { parser: 'json' }))
    console.log(`${scenario.file}.json: ${recording.connections[0]?.chunks.length ?? 0} chunks`)
  }
} finally {
  await browser.close()
  await course.stop()
}
