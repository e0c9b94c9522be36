import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PING_EVERY } from '#contract/addresses.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { fromPcapng } from '#recording/capture-reader.ts'
import type { RecordedConnection, Recording } from '#recording/recording.ts'
import { sandboxAddress } from '../../src/sandbox/address.ts'
import { ControlChannel } from '../../src/sandbox/control-channel.ts'
import { bytesFrom, recordingOf } from '../recording/recordings.ts'
import { launchBrowser } from '../support/browser.ts'
import { LiveCapture } from '../support/live-capture.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { tapConnection } from '../support/tapped-connection.ts'
import {
  framesOf,
  mayCapture,
  packetFields,
  temporaryFile,
  webSocketFrames,
  type TsharkFrame,
} from '../support/tshark.ts'

/** Chromium makes no frame longer than this, in bytes. */
const CHROMIUM_FRAGMENT = 131_072
/** A text of three bytes a character, and bytes. */
const LARGE_TEXT = 50_000
const LARGE = 300_000

/** Runs in the page: speaks on one connection, then answers pings until told to close. */
function speak({ url, largeText, large }: { url: string; largeText: number; large: number }): Promise<void> {
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  Object.assign(window, { closeNow: () => socket.close(4000, '끝') })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let echoes = 0
  socket.onmessage = () => {
    if (++echoes === 5) resolve()
  }
  socket.onerror = () => reject(new Error('the connection failed'))
  socket.onopen = () => {
    socket.send('안녕하세요')
    socket.send('')
    socket.send(Uint8Array.of(0, 255, 128))
    socket.send('가'.repeat(largeText))
    socket.send(Uint8Array.from({ length: large }, (_, i) => i * 7))
  }
  return promise
}

let browser: Browser
let course: RunningCourse

describe.skipIf(!mayCapture())('a capture of a browser and the sandbox', () => {
  beforeAll(async () => {
    course = await startCourse(undefined, {
      LIMIT_MESSAGE_BYTES: String(1 << 20),
      LIMIT_MIRROR_BYTES: String(1 << 24),
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await course?.stop()
  })

  /** Opens a captured connection, speaks on it, and closes it when a ping has been answered. */
  async function connect(channel: ControlChannel): Promise<RecordedConnection> {
    // This lab pings often, and waits for no answer: a page that is slow to give one is not taken for gone.
    const { url: ticketed, closed, clientSent } = await tapConnection(channel, 'ping')
    const url = `${ticketed}&${PING_EVERY.name}=100`
    const ponged = clientSent(OPCODES.pong)
    const page = await browser.newPage({ bypassCSP: true })
    await page.goto(new URL('healthz', course.url).href)
    await page.evaluate(speak, { url, largeText: LARGE_TEXT, large: LARGE })
    await ponged
    await page.evaluate(() => (window as unknown as { closeNow(): void }).closeNow())
    const recorded = await closed
    await page.close()
    return recorded
  }

  let tapped: Recording
  let capture: Uint8Array
  beforeAll(async () => {
    const live = new LiveCapture(new URL(course.url).port)
    await live.reach('/healthz?begin', () => fetch(`${course.url}healthz?begin`))
    const channel = new ControlChannel({ address: sandboxAddress(new URL(course.url), undefined) })
    tapped = recordingOf(await Promise.all([connect(channel), connect(channel)]))
    channel.close()
    await live.reach('/healthz?end', () => fetch(`${course.url}healthz?end`))
    capture = await live.stop()
  })

  /** The tapped connection whose request asked for this. */
  const tappedOf = (target: string) => {
    const index = tapped.connections.findIndex(one => Buffer.from(bytesFrom('client', one)).includes(target))
    return { connection: tapped.connections[index], frames: framesOf(tapped)[index] }
  }
  /** Frames without what only a capture or a tap can say. */
  const told = (frames: readonly TsharkFrame[] | undefined) =>
    frames?.map(frame => ({ ...frame, at: 0, connection: 0 }))
  const bySide = (frames: readonly TsharkFrame[] | undefined) =>
    (['client', 'server'] as const).map(from => told(frames?.filter(frame => frame.from === from)))

  test('holds, read by ours, the bytes that the tap saw', () => {
    const labs = fromPcapng(capture).connections.filter(one =>
      Buffer.from(bytesFrom('client', one)).subarray(0, 100).includes('/lab/ping'),
    )
    expect(labs).toHaveLength(2)
    for (const lab of labs) {
      const [, target = ''] = Buffer.from(bytesFrom('client', lab)).toString('latin1').split(' ', 2)
      const { connection } = tappedOf(target)
      for (const from of ['client', 'server'] as const)
        expect(Buffer.compare(bytesFrom(from, lab), bytesFrom(from, connection ?? { chunks: [] }))).toBe(0)
      expect(lab.gaps).toEqual([])
      expect(lab.endings.map(({ how }) => how).toSorted()).toEqual(['client-fin', 'closed', 'server-fin'])
    }
  })

  test('shows tshark the frames that the tap saw, control frames, masking keys and fragments included', async () => {
    const file = temporaryFile('live.pcapng', capture)
    const theirs = await webSocketFrames(file, Number(new URL(course.url).port))
    const requests = await packetFields(file, 'http.request.uri contains "/lab/"', [
      'tcp.stream',
      'http.request.uri',
    ])
    expect(requests).toHaveLength(2)
    for (const [stream, uri = ''] of requests) {
      const frames = theirs.filter(({ connection }) => connection === Number(stream))
      const ours = tappedOf(uri).frames
      // The order between the two sides is a matter of where one stands.
      expect(bySide(frames)).toEqual(bySide(ours))
      const opcodes = new Set(frames.map(({ opcode }) => opcode))
      expect(opcodes).toEqual(new Set(Object.values(OPCODES)))
      expect(
        new Set(frames.filter(({ from }) => from === 'client').map(each => each.maskingKey)).size,
      ).toBeGreaterThan(8)
      const fragments = frames.filter(
        ({ from, opcode, fin }) => from === 'client' && (opcode === 0 || (opcode < 8 && !fin)),
      )
      // How much of a message goes into one depends on what else waits to be sent.
      const lengths = fragments.map(each => each.payloadLength)
      expect(lengths.length).toBeGreaterThanOrEqual(5)
      expect(Math.max(...lengths)).toBeLessThanOrEqual(CHROMIUM_FRAGMENT)
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(3 * LARGE_TEXT + LARGE)
      expect(frames.filter(({ opcode }) => opcode === 8).map(({ closeCode }) => closeCode)).toEqual([
        4000, 4000,
      ])
    }
  })
})
