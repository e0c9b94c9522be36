/** What happens to a server rather than to its port. */
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPCODES } from '#protocol/opcodes.ts'
import { DEFAULT_LIMITS } from '../../sandbox-server/limits.ts'
import { Attacker } from './attacks.ts'
import { JUMP, type Jump } from './holding.ts'
import { ECHO_PATH, frameOf, gone, handshake, LightClient } from './light-client.ts'
import { LightPage } from './light-page.ts'
import { ServerProcess } from './server-process.ts'

interface FaultAlone {
  readonly name: string
  /** Gives what was wrong. */
  readonly run: () => Promise<string[]>
}

const HOUR_US = 3_600e6
/** Those of Node and what the sandbox opens, and so many connections beside them that both kinds of answer are seen. */
const FEW_FILES = 64
const QUESTION = frameOf(OPCODES.text, Buffer.from('still there?'))

/** Whether what is said is echoed. */
async function echoes(client: LightClient): Promise<boolean> {
  return new Promise(resolve => {
    client.onMessage = () => resolve(true)
    client.socket.once('close', () => resolve(false))
    if (client.socket.destroyed) resolve(false)
    else client.socket.write(QUESTION)
  })
}

/** Everything that has to be so, by what is wrong when it is not. */
function missing(claims: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [`not so: ${claim}`]))
}

async function clockJumps(): Promise<string[]> {
  const server = await ServerProcess.start('clocked')
  const { port, child } = server
  const jump = async (microseconds: number) => {
    const done = once(child, 'message')
    child.send({ [JUMP]: microseconds } satisfies Jump)
    await done
  }
  const asked: Attacker[] = []
  const ask = async (path: string) => {
    const attacker = await Attacker.enter(port, handshake(port, path))
    asked.push(attacker)
    return attacker
  }
  const open = await LightClient.open(port, ECHO_PATH)
  const page = await LightPage.open(port)
  const early = await page.path()
  await jump(HOUR_US)
  const claims: Record<string, boolean> = {
    'a lab goes on when the clock jumps ahead': await echoes(open),
    'a ticket of an hour ago is refused': (await ask(early)).status === 403,
    'a ticket of now is good': (await ask(await page.path())).status === 101,
  }
  await jump(-2 * HOUR_US)
  claims['a lab goes on when the clock is set back'] = await echoes(open)
  claims['a ticket is good after the clock was set back'] = (await ask(await page.path())).status === 101
  const flood = await ask(ECHO_PATH)
  for (let count = 0; count < DEFAULT_LIMITS.messageBurst * 2; count++) flood.socket.write(QUESTION)
  claims['a flood is ended after the clock was set back'] = (await flood.outcome()) === 'Close 1008'
  // They would have the server wait for their Close.
  await Promise.all(asked.map(attacker => attacker.reset()))
  claims['nothing stray is said'] = server.strayLines.length === 0
  claims['it ends well'] = (await server.stop()) === 0
  return missing(claims)
}

async function fullDisk(): Promise<string[]> {
  const full = openSync('/dev/full', 'w')
  const server = await ServerProcess.start('sandbox', { environment: { LOG_LEVEL: 'debug' }, errors: full })
  closeSync(full)
  const { port } = server
  const open = await LightClient.open(port, ECHO_PATH)
  for (let count = 0; count < 100; count++)
    await Attacker.begin(port, handshake(port, ECHO_PATH, { Host: 'rebound.example' })).outcome()
  return missing({
    'a lab goes on': await echoes(open),
    'a new one opens': await echoes(await LightClient.open(port, ECHO_PATH)),
    'refusals are counted': (await server.metric('refusals_total', 'status="403"')) === 100,
    'it ends well': (await server.stop()) === 0,
  })
}

async function fewFiles(): Promise<string[]> {
  const site = await mkdtemp(join(tmpdir(), 'load-site-'))
  try {
    await writeFile(join(site, 'index.html'), '<!doctype html><title>a page</title>')
    const server = await ServerProcess.start('sandbox', { args: ['--site', site], files: FEW_FILES })
    const { port } = server
    const asks = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    // Connected while it still can be, and asks for a file when none can be opened any more.
    const reader = await LightPage.open(port)
    const [visitor, operator] = [Attacker.begin(port, ''), Attacker.begin(port, '')]
    await Promise.all([visitor, operator].map(({ socket }) => once(socket, 'connect')))
    const all: LightClient[] = []
    let turnedAway = 0
    for (let count = 0; count < FEW_FILES * 2; count++)
      await LightClient.open(port, ECHO_PATH).then(
        client => all.push(client),
        () => turnedAway++,
      )
    // Refused ones have given theirs back. These hold on to theirs without a word, for as long as a head may take.
    const quiet = Array.from({ length: FEW_FILES }, () => Attacker.begin(port, ''))
    await Promise.all(quiet.map(({ socket }) => once(socket, 'connect')))
    visitor.socket.write(asks)
    operator.socket.write(asks.replace('/', '/metrics'))
    const unread = await visitor.outcome()
    const measured = await operator.outcome()
    const dialled = new Promise<string>(resolve => {
      reader.onEvent = event => {
        if (event.type === 'error') resolve(event.code)
        else if (event.type === 'dialled') resolve('dialled')
      }
      reader.client.socket.once('close', () => resolve('the control channel has ended'))
    })
    reader.say({ type: 'dial', request: 1 })
    const claims: Record<string, boolean> = {
      'some are let in and some are not': all.length > 0 && turnedAway > 0,
      'a file that cannot be opened ends its connection': unread === 'no answer',
      'metrics are told': measured === 'HTTP 200',
      'a page is told that it cannot dial': (await dialled) === 'dial-failed',
      'those who are in are answered': (await Promise.all(all.map(echoes))).every(Boolean),
    }
    await Promise.all([...quiet, ...all].map(({ socket }) => gone(socket.destroy())))
    // How soon the server hears of that is its own matter.
    let page = 'no answer'
    for (let count = 0; count < FEW_FILES && page === 'no answer'; count++)
      page = await Attacker.begin(port, asks).outcome()
    claims['when they have gone the next is served'] = page === 'HTTP 200'
    claims['nothing stray is said'] = server.strayLines.length === 0
    claims['it ends well'] = (await server.stop()) === 0
    return missing(claims)
  } finally {
    await rm(site, { recursive: true })
  }
}

async function killed(): Promise<string[]> {
  const first = await ServerProcess.start('sandbox')
  const open = await LightClient.open(first.port, ECHO_PATH)
  const page = await LightPage.open(first.port)
  const stale = await page.path()
  const ended = Promise.all([open, page.client].map(({ socket }) => gone(socket)))
  await first.kill()
  await ended
  const second = await ServerProcess.start('sandbox', { environment: { PORT: String(first.port) } })
  const { port } = second
  return missing({
    'it comes back on the same port': port === first.port,
    'labs open again': await echoes(await LightClient.open(port, ECHO_PATH)),
    'pages see their connections again': await echoes(
      await LightClient.open(port, await (await LightPage.open(port)).path()),
    ),
    'tickets of before are refused': (await Attacker.enter(port, handshake(port, stale))).status === 403,
    'it ends well': (await second.stop()) === 0,
  })
}

export const ALONE: readonly FaultAlone[] = [
  { name: 'clock jumps', run: clockJumps },
  { name: 'full disk', run: fullDisk },
  { name: 'few file descriptors', run: fewFiles },
  { name: 'kill -9 and restart', run: killed },
]
