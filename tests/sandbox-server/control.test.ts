import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { MAX_COMMAND_BYTES } from '#contract/commands.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import { UNSUPPORTED_VERSION_CLOSE } from '../../sandbox-server/control.ts'
import { Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'

/** A control channel on which nobody has said hello. */
async function openSilent(port: number): Promise<Page> {
  const page = new Page(port)
  await once(page.control, 'open')
  return page
}

describe('a control channel', () => {
  test('begins with a hello, answered with the version and the time of the session', async () => {
    let now = 5_000_000
    const { port } = await runSandbox({ clock: () => now })
    const page = await openSilent(port)
    now += 1_500
    page.say({ type: 'hello', version: CONTRACT_VERSION })
    expect(await page.told('welcome')).toEqual({ type: 'welcome', version: CONTRACT_VERSION, now: 1_500 })
  })

  test('gives no ticket before the hello, and one after', async () => {
    const { port } = await runSandbox()
    const page = await openSilent(port)
    page.say({ type: 'ticket', request: 7, lab: 'echo' })
    expect(await page.told('error')).toMatchObject({
      code: 'hello-expected',
      field: 'type',
      request: 7,
    })
    page.say({ type: 'hello', version: CONTRACT_VERSION })
    page.say({ type: 'ticket', request: 8, lab: 'echo' })
    expect(await page.told('ticket')).toMatchObject({ request: 8, connection: 1, expiresIn: 30_000 })
  })

  test('is closed for a page of another version, after it was told which is spoken', async () => {
    const { port } = await runSandbox()
    const page = await openSilent(port)
    const closed = once(page.control, 'close')
    page.say({ type: 'hello', version: CONTRACT_VERSION + 1 })
    expect((await closed)[0]).toBe(UNSUPPORTED_VERSION_CLOSE)
    expect(page.events).toEqual([
      {
        type: 'error',
        code: 'unsupported-version',
        field: 'version',
        message: expect.stringContaining(String(CONTRACT_VERSION)),
      },
    ])
  })

  test('answers commands in their order', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    for (const request of [30, 10, 20]) page.say({ type: 'ticket', request, lab: 'echo' })
    await page.told('ticket', event => event.request === 20)
    const tickets = page.events.filter(event => event.type === 'ticket')
    expect(tickets.map(({ request, connection }) => [request, connection])).toEqual([
      [30, 1],
      [10, 2],
      [20, 3],
    ])
  })
})

test('a heartbeat is answered with the time of the session', async () => {
  let now = 1_000_000
  const { port } = await runSandbox({ clock: () => now })
  const page = await Page.open(port)
  now += 2_500
  page.say({ type: 'heartbeat', request: 2 ** 40 })
  expect(await page.told('heartbeat')).toEqual({ type: 'heartbeat', request: 2 ** 40, now: 2_500 })
})

describe('a command that is wrong gets an error and does not end the session', () => {
  test.each([
    [
      'a lab that does not exist',
      { type: 'ticket', request: 3, lab: 'nothing' },
      { code: 'unknown-lab', field: 'lab', request: 3 },
    ],
    [
      'a lab named like a property of objects',
      { type: 'ticket', request: 3, lab: 'constructor' },
      { code: 'unknown-lab' },
    ],
    [
      'a field that is missing',
      { type: 'ticket', lab: 'echo' },
      { code: 'malformed-command', field: 'request' },
    ],
    ['a type that does not exist', { type: 'dance' }, { code: 'malformed-command', field: 'type' }],
    ['text that is not JSON', '안녕', { code: 'malformed-command', field: '', message: 'not JSON' }],
    [
      'a text longer than a command',
      'x'.repeat(MAX_COMMAND_BYTES + 1),
      { code: 'command-too-long', field: '' },
    ],
    [
      'a text far longer than a command',
      JSON.stringify({ type: 'ticket', request: 3, lab: 'x'.repeat(900_000) }),
      { code: 'command-too-long', field: '' },
    ],
  ])('%s', async (_what, command, error) => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    page.say(command)
    expect(await page.told('error')).toMatchObject(error)
    expect(await page.ticket()).toMatchObject({ connection: 1 })
  })

  test('a binary message', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    page.control.send(Uint8Array.of(0x7b, 0x7d))
    expect(await page.told('error')).toMatchObject({ code: 'malformed-command', field: '' })
    expect(await page.ticket()).toMatchObject({ connection: 1 })
  })
})

test('a write longer than one may be gets an error and does not end the session', async () => {
  const { port } = await runSandbox()
  const page = await Page.open(port)
  page.write(1, new Uint8Array(200 * 1024))
  expect(await page.told('error')).toMatchObject({ code: 'command-too-long', field: '' })
  expect(await page.ticket()).toMatchObject({ connection: 1 })
})

test('a message beyond all measure ends the channel with 1009', async () => {
  const { port } = await runSandbox({ limits: { controlMessageBytes: 10_000 } })
  const page = await Page.open(port)
  page.say('x'.repeat(10_001))
  expect((await once(page.control, 'close'))[0]).toBe(1009)
})

test('a page that does not answer pings is gone after one miss, and its session with it', async () => {
  const { port, sandbox } = await runSandbox({ limits: { pingIntervalMs: 100 } })
  const page = new Page(port, { autoPong: false })
  await once(page.control, 'open')
  expect(sandbox.holdings().sessions).toBe(1)
  expect((await once(page.control, 'close'))[0]).toBe(1006)
  await eventually(() => sandbox.holdings().connections === 0)
  expect(sandbox.holdings()).toMatchObject({ sessions: 0, webSockets: 0 })
})

test('a page that answers pings stays', async () => {
  const { port } = await runSandbox({ limits: { pingIntervalMs: 400 } })
  const page = await Page.open(port)
  for (let pings = 0; pings < 3; pings++) await once(page.control, 'ping')
  expect(await page.ticket()).toMatchObject({ connection: 1 })
})
