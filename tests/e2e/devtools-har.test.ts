import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPCODES } from '#protocol/opcodes.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { fromHar } from '#recording/har-reader.ts'
import { toHar } from '#recording/har-writer.ts'
import type { Recording } from '#recording/recording.ts'
import { sandboxAddress } from '../../src/sandbox/address.ts'
import { ControlChannel } from '../../src/sandbox/control-channel.ts'
import { recordingOf } from '../recording/recordings.ts'
import { DevtoolsBrowser, type DevtoolsFrontend } from '../support/devtools-frontend.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { tapConnection } from '../support/tapped-connection.ts'

const TEXTS = ['안녕하세요', '', 'NUL \0, half a pair \ud800, </script>', '가'.repeat(30_000)]
const ECHOES = TEXTS.length + 1

/** Runs in the page: says all of it, and closes when all of it came back. */
function speak({ url, texts }: { url: string; texts: readonly string[] }): Promise<void> {
  const socket = new WebSocket(url, ['anatomy.v2', 'anatomy.v1'])
  socket.binaryType = 'arraybuffer'
  const { promise, resolve } = Promise.withResolvers<void>()
  let echoes = 0
  socket.onmessage = () => {
    if (++echoes === texts.length + 1) socket.close(4000, '끝')
  }
  socket.onclose = () => resolve()
  socket.onopen = () => {
    for (const text of texts) socket.send(text)
    socket.send(Uint8Array.of(0, 255, 128))
  }
  return promise
}

interface HarMessage {
  readonly type: string
  readonly time: number
  readonly opcode: number
  readonly data: string
}
interface Har {
  readonly log: {
    readonly entries: readonly {
      readonly _resourceType: string
      readonly _webSocketMessages: readonly HarMessage[]
      readonly request: HarHead & {
        readonly method: string
        readonly url: string
        readonly queryString: unknown
      }
      readonly response: HarHead & { readonly status: number; readonly statusText: string }
    }[]
  }
}
interface HarHead {
  readonly httpVersion: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
}

let devtools: DevtoolsBrowser
let course: RunningCourse
let frontend: DevtoolsFrontend
let recording: Recording
let theirs: Har

beforeAll(async () => {
  course = await startCourse(undefined, { LIMIT_MESSAGE_BYTES: String(1 << 20) })
  devtools = await DevtoolsBrowser.launch()
  const page = await devtools.browser.newPage({ bypassCSP: true })
  await page.goto(new URL('healthz', course.url).href)
  frontend = await devtools.open(page)
  const channel = new ControlChannel({ address: sandboxAddress(new URL(course.url), undefined) })
  const { url, closed } = await tapConnection(channel)
  await page.evaluate(speak, { url, texts: TEXTS })
  recording = recordingOf([await closed])
  channel.close()
  theirs = (await frontend.exportHar(url, 2 * ECHOES)) as Har
})
afterAll(async () => {
  await devtools?.browser.close()
  await course?.stop()
})

const entryOf = ({ log: { entries } }: Har) => {
  const entry = entries.find(each => each._resourceType === 'websocket')
  if (!entry) throw new Error('no WebSocket in the archive')
  return entry
}
/** Messages of each side: between them Chromium and the tap may see another order. */
const said = (messages: readonly HarMessage[]) =>
  ['send', 'receive'].map(side =>
    messages.filter(({ type }) => type === side).map(({ type, opcode, data }) => ({ type, opcode, data })),
  )
const sorted = (headers: HarHead['headers']) =>
  headers.map(({ name, value }) => `${name}: ${value}`).toSorted()

test('our archive of a connection says what the one that DevTools export says', () => {
  const ours = JSON.parse(toHar(recording, { secrets: 'keep' })) as Har
  const [mine, other] = [entryOf(ours), entryOf(theirs)]
  expect(said(mine._webSocketMessages)).toEqual(said(other._webSocketMessages))
  expect(mine._webSocketMessages).toHaveLength(2 * ECHOES)
  for (const key of ['method', 'url', 'httpVersion', 'queryString'] as const)
    expect(mine.request[key]).toEqual(other.request[key])
  for (const key of ['status', 'statusText', 'httpVersion'] as const)
    expect(mine.response[key]).toEqual(other.response[key])
  expect(sorted(mine.request.headers)).toEqual(sorted(other.request.headers))
  expect(sorted(mine.response.headers)).toEqual(sorted(other.response.headers))
  // Every field that theirs has and that is about a WebSocket.
  expect(Object.keys(mine)).toEqual(
    expect.arrayContaining(['request', 'response', 'timings', 'time', 'startedDateTime']),
  )
})

test('DevTools import our archive as the WebSocket it was', async () => {
  const har = toHar(recording, { secrets: 'keep' })
  const [entry] = (JSON.parse(har) as Har).log.entries
  const [imported, ...more] = await frontend.importHar(har)
  expect(more).toEqual([])
  expect(imported).toMatchObject({ url: entry?.request.url, type: 'websocket', status: 101 })
  expect(imported?.frames).toEqual(
    entry?._webSocketMessages.map(({ type, opcode, data, time }) => ({
      type,
      opCode: opcode,
      text: data,
      time,
    })),
  )
})

test('the archive that DevTools export is read by ours, with every message in it', () => {
  const [connection] = fromHar(theirs, 'export').connections
  const trace = new ConnectionTrace()
  for (const { from, bytes, at } of connection?.chunks ?? []) trace.push(from, bytes, at)
  expect(trace.items.map(({ kind }) => kind).slice(0, 2)).toEqual(['request', 'response'])
  const messages = trace.items.flatMap(item => (item.kind === 'frame' ? [item] : []))
  const sent = messages.filter(({ from }) => from === 'client').map(({ message }) => message)
  // What JavaScript hands over has no half pairs any more.
  expect(sent.map(message => message?.text)).toEqual([...TEXTS.map(text => text.toWellFormed()), undefined])
  expect(sent.at(-1)?.payload).toEqual(Uint8Array.of(0, 255, 128))
  expect(
    messages.every(({ violations, frame }) => frame.opcode !== OPCODES.close && !violations.some(isGrave)),
  ).toBe(true)
})

/** Rebuilt frames have one masking key for all. */
function isGrave({ rule }: { readonly rule: string }): boolean {
  return rule !== 'masking-key-fresh'
}
