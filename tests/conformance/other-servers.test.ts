import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { PYTHON } from '../support/python-lesson.ts'
import { judge } from './table/judge.ts'
import { playAll, portOf } from './table/play.ts'
import { CASES } from './table/table.ts'

const LONGEST = 65_536

/** The cases that an echo server on this port fails. */
async function failures(port: number): Promise<ReadonlySet<string>> {
  const outcomes = await playAll({ port, paths: { plain: '/', deflate: '/' }, patience: 2_000 }, CASES)
  return new Set(outcomes.flatMap(([each, outcome]) => (judge(each, outcome) === undefined ? [] : [each.id])))
}

/** "the minimal number of bytes MUST be used to encode the length" (§5.2): neither server looks. */
const LENGTHS_OF_DATA = [
  'framing/long-form-0-16',
  'framing/long-form-1-16',
  'framing/long-form-125-16',
  'framing/long-form-0-64',
  'framing/long-form-125-64',
  'framing/long-form-126-64',
  'framing/long-form-65535-64',
  'framing/long-form-binary',
  'framing/long-form-fragment',
  'framing/long-form-later',
  'framing/long-form-cut',
  'framing/early-bad',
  'framing/early-bad-half',
  'closing/bad-length-then-message',
  'closing/ends-after-length',
  'compression/rule-later',
  'compression/rule-ends',
]
/** `ws` takes a control frame with such a length for one that is too long. */
const LENGTHS_OF_CONTROL = ['framing/long-form-ping', 'framing/long-form-pong', 'framing/long-form-close']
/** "A server MUST decline" these offers (RFC 7692 §7.1); `ws` answers all but one, which it accepts, with 400. */
const DECLINABLE = CASES.map(({ id }) => id).filter(
  id =>
    (id.startsWith('compression/decline-') && id !== 'compression/decline-unknown') ||
    id === 'compression/offer-second-offer',
)

/** `ws` drops a connection on which more than 60 pings wait for their answers. */
const PINGS = ['ping and pong/pings-hundred']

test('ws passes all that it does not leave out', { timeout: 60_000 }, async () => {
  const server = new WebSocketServer({
    ...{ port: 0, host: '127.0.0.1' },
    perMessageDeflate: true,
    maxPayload: LONGEST,
  })
  await once(server, 'listening')
  onTestFinished(() => server.close())
  server.on('connection', webSocket => {
    webSocket.on('error', () => {})
    webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }))
  })
  expect(await failures(portOf(server))).toEqual(new Set([...LENGTHS_OF_DATA, ...DECLINABLE, ...PINGS]))
})

test.skipIf(PYTHON === '')(
  'Python’s websockets passes all that it does not leave out',
  { timeout: 60_000 },
  async () => {
    const child = spawn(PYTHON, ['-W', 'ignore', join(import.meta.dirname, 'python_echo.py')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [port] = (await once(child.stdout, 'data')) as [Buffer]
    expect(await failures(Number(port.toString()))).toEqual(
      new Set([...LENGTHS_OF_DATA, ...LENGTHS_OF_CONTROL]),
    )
  },
)
