import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import type WebSocket from 'ws'
import { PLAYED_LAB } from '#contract/addresses.ts'
import { decodeSnapshot, encodeHeading, type Snapshot } from '#contract/arena.ts'
import type { BusState } from '#contract/events.ts'
import { readTold, type Told } from '#contract/gathering.ts'
import { startCourse } from '../support/running-course.ts'
import { CAN_SCALE_OUT, Redis, startNginx } from '../support/scale-out.ts'
import { handshake, labPath, openLab, Page } from './support/page.ts'
import { eventually } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

const ROOM = 'room=abcdefgh12345678&to=all'
const maskedHello = Buffer.from([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
const maskedClose = Buffer.from([0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe8 ^ 2])

/** Two sandboxes, each a process of its own, once they can reach each other if they are to; gives their ports. */
async function twoInstances(environment: Record<string, string> = {}): Promise<[number, number]> {
  const ports: [number, number] = [await instance(environment), await instance(environment)]
  if (environment['REDIS_URL'] !== undefined)
    for (const port of ports) await tellsBus(await Page.open(port), 'connected')
  return ports
}

async function instance(environment: Record<string, string>): Promise<number> {
  const { url, stop } = await startCourse(undefined, environment)
  onTestFinished(async () => {
    await stop()
  })
  return Number(new URL(url).port)
}

/** Value of a metric of an instance, with its labels. */
async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const line = text.split('\n').find(each => each.startsWith(`anatomy_${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

interface Seat {
  readonly socket: WebSocket
  readonly heard: string[]
}

/** A seat in the room, which hears itself once it would hear the others. */
async function sit(port: number, name: string): Promise<Seat> {
  const socket = openLab(port, undefined, {}, [], `broadcast?${ROOM}`)
  const heard: string[] = []
  socket.on('message', data => heard.push((data as Buffer).toString()))
  await once(socket, 'open')
  socket.send(name)
  await eventually(() => heard.includes(name))
  return { socket, heard }
}

interface Gathered {
  readonly socket: WebSocket
  readonly told: readonly Told[]
  say(text: string): void
}

/** Somebody in a room with a memory, once they are told who is there. */
async function gather(port: number, name: string, more = ''): Promise<Gathered> {
  const query = `room=abcdefgh12345678&name=${encodeURIComponent(name)}${more}`
  const socket = openLab(port, undefined, {}, [], `gathering?${query}`)
  const told: Told[] = []
  socket.on('message', data => {
    const each = readTold((data as Buffer).toString())
    if (each) told.push(each)
  })
  await eventually(() => told.some(({ kind }) => kind === 'people'))
  return { socket, told, say: text => socket.send(JSON.stringify({ kind: 'say', text })) }
}

function peopleOf({ told }: Gathered): readonly string[] {
  return told.findLast(each => each.kind === 'people')?.people ?? []
}

function saidTo({ told }: Gathered) {
  return told.flatMap(each => (each.kind === 'say' ? [each] : []))
}

/** One more beside two others. */
async function thirdInstance(redis: Redis): Promise<number> {
  const port = await instance({ REDIS_URL: redis.url })
  await tellsBus(await Page.open(port), 'connected')
  return port
}

/** Somebody in a game, once they are shown it. */
async function play(port: number) {
  const socket = openLab(port, undefined, {}, [], 'arena?room=abcdefgh12345678')
  const boards: (Snapshot & { readonly you: number })[] = []
  socket.on('message', data => {
    const board = decodeSnapshot(data as Buffer)
    if (board) boards.push(board)
  })
  await eventually(() => boards.length > 0)
  return { socket, boards }
}

/** A ping goes behind whatever was sent before it. */
async function heardAll(socket: WebSocket): Promise<void> {
  socket.ping()
  await once(socket, 'pong')
}

function opening(port: number, ticket: string, lab?: string): string {
  return handshake(port, { line: `GET ${labPath(ticket, lab)} HTTP/1.1` })
}

async function tellsBus(page: Page, state: BusState, times = 1): Promise<void> {
  const told = () => page.events.filter(event => event.type === 'bus' && event.state === state).length
  while (told() < times) await once(page.control, 'told')
}

describe.runIf(CAN_SCALE_OUT)('two instances with a Redis between them, behind a balancer', () => {
  test('have those in a room hear each other, whichever instance each is on', async () => {
    const redis = await Redis.start()
    const instances = await twoInstances({ REDIS_URL: redis.url })
    const port = await startNginx(instances)
    const seats: Seat[] = []
    for (const name of ['가', '나', '다', '라']) seats.push(await sit(port, name))
    for (const each of instances) expect(await metric(each, 'web_sockets_opened_total{kind="lab"}')).toBe(2)
    seats[0]?.socket.send('모두에게')
    for (const { heard } of seats) await eventually(() => heard.includes('모두에게'))
    for (const { heard } of seats) expect(heard.filter(each => each === '모두에게')).toHaveLength(1)
  })

  test('have a room with a memory be the same one on each, for those who come later too', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const names = ['가영', '나영', '다영', '라영']
    // At the same moment, as the seats of a page come.
    const [one, other, ...rest] = await Promise.all(
      names.map((name, at) => gather(at % 2 === 0 ? here : there, name)),
    )
    if (!one || !other) throw new Error('nobody')
    for (const each of [one, other, ...rest])
      await eventually(() => peopleOf(each).toSorted().join() === names.join())
    for (let count = 1; count <= 20; count++) {
      one.say(`가 ${count}`)
      other.say(`나 ${count}`)
    }
    for (const each of [one, other, ...rest]) await eventually(() => saidTo(each).length === 40)
    for (const each of [other, ...rest]) expect(saidTo(each)).toEqual(saidTo(one))
    expect(saidTo(one).map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1))

    const late = await gather(await thirdInstance(redis), '마영', '&since=38')
    await eventually(() => saidTo(late).length === 2)
    expect(saidTo(late)).toEqual(saidTo(one).slice(38))
    late.say('늦었습니다')
    await eventually(() => saidTo(one).at(-1)?.text === '늦었습니다')
    expect(saidTo(one).at(-1)).toMatchObject({ number: 41, from: '마영' })
    late.socket.close()
    await eventually(() => peopleOf(one).toSorted().join() === names.join())
  })

  test('miss those of an instance that went without a word', async () => {
    const redis = await Redis.start()
    const environment = { REDIS_URL: redis.url }
    const here = await instance(environment)
    const there = await startCourse(undefined, environment)
    const port = Number(new URL(there.url).port)
    for (const each of [here, port]) await tellsBus(await Page.open(each), 'connected')
    const [one] = await Promise.all([gather(here, '가영'), gather(port, '나영')])
    await eventually(() => peopleOf(one).length === 2)
    there.child.kill('SIGKILL')
    await eventually(() => peopleOf(one).length < 2)
    expect(peopleOf(one)).toEqual(['가영'])
  })

  test('go on with the greater of two memories when Redis is back', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const [one, other] = await Promise.all([gather(here, '가영'), gather(there, '나영')])
    for (const each of [one, other]) await eventually(() => peopleOf(each).length === 2)
    await redis.kill()
    for (const each of [one, other]) await eventually(() => peopleOf(each).length === 1)
    for (const text of ['하나', '둘', '셋']) one.say(text)
    other.say('따로')
    await eventually(() => saidTo(one).length === 3 && saidTo(other).length === 1)
    await redis.run()
    for (const each of [one, other]) await eventually(() => peopleOf(each).length === 2)
    other.say('다시 함께')
    for (const each of [one, other]) await eventually(() => saidTo(each).at(-1)?.text === '다시 함께')
    expect(saidTo(one).map(({ number }) => number)).toEqual([1, 2, 3, 4])
    expect(saidTo(other).map(({ number, text }) => `${number} ${text}`)).toEqual([
      '1 따로',
      '2 둘',
      '3 셋',
      '4 다시 함께',
    ])
  })

  test('have those who play on each see each other, with a number for each', async () => {
    const redis = await Redis.start()
    const instances = await twoInstances({ REDIS_URL: redis.url })
    const players = await Promise.all([...instances, ...instances].map(play))
    for (const { boards } of players)
      await eventually(() => [...(boards.at(-1)?.players.keys() ?? [])].join() === '1,2,3,4')
    expect(players.map(({ boards }) => boards.at(-1)?.you).toSorted()).toEqual([1, 2, 3, 4])
    const [mover, ...others] = players
    const number = mover?.boards.at(-1)?.you ?? 0
    mover?.socket.send(encodeHeading({ dx: 0, dy: -1 }))
    for (const { boards } of others) await eventually(() => boards.at(-1)?.players.get(number)?.y === 0)
    mover?.socket.close()
    for (const { boards } of others) await eventually(() => boards.at(-1)?.players.has(number) === false)
  })

  test('show a page its connections, whichever instance each is on', async () => {
    const redis = await Redis.start()
    const instances = await twoInstances({ REDIS_URL: redis.url })
    const port = await startNginx(instances)
    const page = await Page.open(port)
    for (let count = 0; count < 4; count++) {
      const { connection, ticket } = await page.ticket()
      const client = openLab(port, ticket)
      await once(client, 'open')
      client.send('안녕')
      await once(client, 'message')
      client.close(1000)
      await page.closed(connection)
      expect(page.bytes(connection, 'server').includes('안녕')).toBe(true)
      expect(page.events.some(event => event.type === 'dropped')).toBe(false)
    }
    const opened = instances.map(each => metric(each, 'web_sockets_opened_total{kind="lab"}'))
    expect(await Promise.all(opened)).toEqual([2, 2])
  })

  test('are told apart by nobody who looks at the bytes: every one is shown, in order', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const page = await Page.open(here)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(there).write(opening(there, ticket))
    await client.until('\r\n\r\n')
    for (let count = 0; count < 150; count++) client.write(maskedHello)
    client.write(maskedClose)
    await client.rest()
    await page.closed(connection)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
    const about = page.events.filter(event => 'connection' in event && event.type !== 'ticket')
    expect(about[0]).toMatchObject({ type: 'opened', connection, lab: 'echo' })
    expect(about.at(-1)).toMatchObject({ type: 'ending', how: 'closed' })
    const times = about.flatMap(event => ('at' in event ? [event.at] : []))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.at(-1)).toBeLessThan(60e6)
  })

  test('show how a handshake is refused, and take a ticket once', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const page = await Page.open(here)
    const { connection, ticket } = await page.ticket()
    const line = `GET ${labPath(ticket)} HTTP/1.1`
    const refused = new TcpClient(there).write(handshake(there, { line, 'Sec-WebSocket-Version': '8' }))
    expect(await refused.rest()).toContain(' 426 ')
    await page.closed(connection)
    expect(page.bytes(connection, 'server').equals(refused.read)).toBe(true)
    for (const port of [here, there])
      expect(await new TcpClient(port).write(opening(port, ticket)).rest()).toContain(' 403 ')
    const unreadable = await page.ticket()
    const client = new TcpClient(there).write(
      `GET ${labPath(unreadable.ticket)} HTTP/1.1\r\nBad Field\r\n\r\n`,
    )
    expect(await client.rest()).toContain(' 400 ')
    await page.closed(unreadable.connection)
  })

  test('have a page play the server of a connection that the other one holds', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const page = await Page.open(here)
    const { connection, ticket } = await page.ticket(PLAYED_LAB)
    const client = new TcpClient(there).write(opening(there, ticket, PLAYED_LAB))
    await page.told('chunk', event => event.connection === connection)
    page.write(connection, 'HTTP/1.1 101 Switching Protocols\r\n\r\n')
    await client.until('101')
    page.say({ type: 'end', request: 99, connection, how: 'fin' })
    await client.rest()
    await page.closed(connection)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
  })

  test('show both connections when a proxy is on the way', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const page = await Page.open(here)
    const { connection, behind = 0, ticket } = await page.ticket('echo', 'passing')
    const client = new TcpClient(there).write(opening(there, ticket))
    await client.until('\r\n\r\n')
    client.write(maskedHello)
    await client.until('Hello')
    client.write(maskedClose)
    await client.rest()
    for (const each of [connection, behind]) {
      await page.closed(each)
      expect(page.bytes(each, 'server').includes('Hello')).toBe(true)
    }
    expect(page.bytes(behind, 'client').includes('Via: 1.1 passing')).toBe(true)
  })

  test('end a connection whose page is gone', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const page = await Page.open(here)
    const { ticket } = await page.ticket()
    const client = openLab(there, ticket)
    await once(client, 'open')
    page.control.close()
    const [code] = (await once(client, 'close')) as [number]
    expect(code).toBe(1001)
  })

  test('give up what is not heard of for as long as a lease', async () => {
    const redis = await Redis.start()
    const environment = { REDIS_URL: redis.url, LIMIT_BUS_LEASE_MS: '300' }
    const here = await instance(environment)
    const there = await startCourse(undefined, environment)
    const page = await Page.open(here)
    const port = Number(new URL(there.url).port)
    for (const each of [page, await Page.open(port)]) await tellsBus(each, 'connected')
    const { connection, ticket } = await page.ticket()
    const client = openLab(port, ticket)
    await once(client, 'open')
    await page.told('opened')
    there.child.kill('SIGKILL')
    await page.closed(connection)
    const { how } = await page.told('ending')
    expect(how).toBe('destroyed')
    expect(await metric(here, 'limit_hits_total{limit="busLeaseMs"}')).toBe(1)
  })

  test('hold what a page is to be shown while Redis is away, tell it so, and go on', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url })
    const [page, neighbour] = [await Page.open(here), await Page.open(there)]
    await Promise.all([tellsBus(page, 'connected'), tellsBus(neighbour, 'connected')])
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(there).write(opening(there, ticket))
    await client.until('\r\n\r\n')
    await page.told('chunk', event => event.from === 'server')
    const seats = [await sit(here, '가'), await sit(here, '나'), await sit(there, '다')]

    await redis.kill()
    await Promise.all([tellsBus(page, 'lost'), tellsBus(neighbour, 'lost')])
    client.write(maskedHello)
    await client.until('Hello')
    const stranded = await page.ticket()
    expect(await new TcpClient(there).write(opening(there, stranded.ticket)).rest()).toContain(' 503 ')
    const own = await page.ticket()
    const local = openLab(here, own.ticket)
    await once(local, 'open')
    seats[0]?.socket.send('여기만')
    await eventually(() => seats[1]?.heard.includes('여기만') === true)
    for (const { socket } of seats) await heardAll(socket)
    expect(seats[2]?.heard).not.toContain('여기만')
    expect(page.bytes(connection, 'server').includes('Hello')).toBe(false)

    await redis.run()
    await Promise.all([tellsBus(page, 'connected', 2), tellsBus(neighbour, 'connected', 2)])
    client.write(maskedClose)
    await client.rest()
    await page.closed(connection)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
    seats[0]?.socket.send('다시 모두에게')
    await eventually(() => seats[2]?.heard.includes('다시 모두에게') === true)
    expect(await metric(here, 'bus_states_total{state="lost"}')).toBe(1)
    expect(await metric(here, 'bus_states_total{state="connected"}')).toBe(2)
  })

  test('answer 503 when the instance that a ticket names does not', async () => {
    const redis = await Redis.start()
    const [here] = await twoInstances({ REDIS_URL: redis.url, LIMIT_CLAIM_MS: '50' })
    const ticket = `${'A'.repeat(22)}.${'B'.repeat(12)}`
    expect(await new TcpClient(here).write(opening(here, ticket)).rest()).toContain(' 503 ')
    expect(await metric(here, 'limit_hits_total{limit="claimMs"}')).toBe(1)
  })

  test('lose what is more than may wait for Redis, and count it', async () => {
    const redis = await Redis.start()
    const [here, there] = await twoInstances({ REDIS_URL: redis.url, LIMIT_BUS_BYTES: '1000' })
    const [first, second] = [await sit(here, '가'), await sit(there, '나')]
    first.socket.send('x'.repeat(2000))
    first.socket.send('짧은 말')
    await eventually(() => second.heard.includes('짧은 말'))
    expect(second.heard.some(text => text.startsWith('x'))).toBe(false)
    expect(await metric(here, 'limit_hits_total{limit="busBytes"}')).toBe(1)
  })

  test('notice a Redis that hangs', async () => {
    const redis = await Redis.start()
    const [here] = await twoInstances({ REDIS_URL: redis.url, LIMIT_BUS_SILENCE_MS: '300' })
    const page = await Page.open(here)
    await tellsBus(page, 'connected')
    redis.signal('SIGSTOP')
    await tellsBus(page, 'lost')
    redis.signal('SIGCONT')
    await tellsBus(page, 'connected', 2)
    expect(await metric(here, 'limit_hits_total{limit="busSilenceMs"}')).toBeGreaterThan(0)
  })

  test('start without Redis, and find it when it comes', async () => {
    const redis = await Redis.start()
    await redis.kill()
    const page = await Page.open(await instance({ REDIS_URL: redis.url }))
    await tellsBus(page, 'lost')
    await redis.run()
    await tellsBus(page, 'connected')
    expect(page.events.filter(event => event.type === 'bus')).toHaveLength(2)
  })
})

describe.runIf(CAN_SCALE_OUT)('two instances with nothing between them, behind a balancer', () => {
  test('keep what is said in a room to those on the same instance', async () => {
    const port = await startNginx(await twoInstances())
    const seats: Seat[] = []
    for (const name of ['가', '나', '다', '라']) seats.push(await sit(port, name))
    seats[0]?.socket.send('모두에게')
    await eventually(() => seats[2]?.heard.includes('모두에게') === true)
    for (const { socket } of seats) await heardAll(socket)
    expect(seats.map(({ heard }) => heard.includes('모두에게'))).toEqual([true, false, true, false])
  })

  test('know nothing of each other’s tickets, and their pages hear nothing of a bus', async () => {
    const [here, there] = await twoInstances()
    const page = await Page.open(here)
    const { ticket } = await page.ticket()
    expect(await new TcpClient(there).write(opening(there, ticket)).rest()).toContain(' 403 ')
    expect(page.events.some(event => event.type === 'bus')).toBe(false)
  })
})
