import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type WebSocket from 'ws'
import { GATHERING_REMEMBERS, GATHERING_TEXT_LENGTH, readTold, type Told } from '#contract/gathering.ts'
import { openLab } from '../support/page.ts'
import { eventually, runSandbox } from '../support/running-sandbox.ts'

const ROOM = 'room0123456789abcdef'

interface Guest {
  readonly client: WebSocket
  readonly heard: (Told | undefined)[]
  say(kind: string, text: string): void
}

async function enter(port: number, name: string, more = '', room = ROOM): Promise<Guest> {
  const client = openLab(
    port,
    undefined,
    {},
    [],
    `gathering?room=${room}&name=${encodeURIComponent(name)}${more}`,
  )
  const heard: (Told | undefined)[] = []
  client.on('message', (data: Buffer) => heard.push(readTold(data.toString())))
  await once(client, 'open')
  return { client, heard, say: (kind, text) => client.send(JSON.stringify({ kind, text })) }
}

const texts = ({ heard }: Guest) => heard.flatMap(told => (told && 'number' in told ? [told.text] : []))
/** Who is there, as they were told last. */
function people({ heard }: Guest): readonly string[] | undefined {
  const told = heard.findLast(each => each?.kind === 'people')
  return told?.kind === 'people' ? told.people : undefined
}

describe('a room with a memory', () => {
  test('tells all what is said, who said it, and in one order', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await enter(port, '가영'), await enter(port, '나준')]
    one.say('say', '안녕')
    await eventually(() => texts(other).length === 1)
    other.say('post', '새 글')
    await eventually(() => texts(one).length === 2 && texts(other).length === 2)
    const said = [
      { kind: 'say', text: '안녕', number: 1, from: '가영' },
      { kind: 'post', text: '새 글', number: 2, from: '나준' },
    ]
    for (const guest of [one, other])
      expect(guest.heard.filter(told => told && 'number' in told)).toEqual(said)
  })

  test('tells who comes late what was said before, or what they have not heard yet', async () => {
    const { port } = await runSandbox()
    const one = await enter(port, '가영')
    for (const text of ['하나', '둘', '셋']) one.say('say', text)
    await eventually(() => texts(one).length === 3)
    const late = await enter(port, '늦둥이')
    await eventually(() => people(late) !== undefined)
    expect(texts(late)).toEqual(['하나', '둘', '셋'])
    const back = await enter(port, '돌아온 이', '&since=2')
    await eventually(() => people(back) !== undefined)
    expect(texts(back)).toEqual(['셋'])
  })

  test('tells all to who had heard more than there is: the room was forgotten, and has begun anew', async () => {
    const { port } = await runSandbox()
    const one = await enter(port, '가영')
    one.say('say', '새로 시작합니다')
    await eventually(() => texts(one).length === 1)
    const back = await enter(port, '돌아온 이', '&since=40')
    await eventually(() => people(back) !== undefined)
    expect(texts(back)).toEqual(['새로 시작합니다'])
  })

  test('remembers so much, and nothing when all have gone', async () => {
    const { port } = await runSandbox({ limits: { messageBurst: 500 } })
    const one = await enter(port, '가영')
    for (let count = 1; count <= GATHERING_REMEMBERS + 5; count++) one.say('say', `${count}`)
    await eventually(() => texts(one).length === GATHERING_REMEMBERS + 5)
    const late = await enter(port, '나준')
    await eventually(() => people(late) !== undefined)
    expect(texts(late)).toHaveLength(GATHERING_REMEMBERS)
    expect(texts(late)[0]).toBe('6')
    for (const { client } of [one, late]) {
      client.close()
      await once(client, 'close')
    }
    const next = await enter(port, '다온')
    await eventually(() => people(next) !== undefined)
    expect(texts(next)).toEqual([])
  })

  test('tells who is there when one comes and when one goes', async () => {
    const { port } = await runSandbox()
    const one = await enter(port, '가영')
    const other = await enter(port, '나준')
    await eventually(() => people(one)?.length === 2)
    other.client.terminate()
    await eventually(() => people(one)?.length === 1)
    expect(people(one)).toEqual(['가영'])
  })

  test('tells the others that one is typing, and forgets it', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await enter(port, '가영'), await enter(port, '나준')]
    one.say('typing', '')
    await eventually(() => texts(other).length === 1)
    expect(other.heard.at(-1)).toMatchObject({ kind: 'typing', from: '가영' })
    expect(texts(one)).toEqual([])
    const late = await enter(port, '다온')
    await eventually(() => people(late) !== undefined)
    expect(texts(late)).toEqual([])
  })

  test.each([
    ['no JSON', 'hello'],
    ['no such kind', '{"kind":"shout","text":"a"}'],
    ['no text', '{"kind":"say"}'],
    ['too long', JSON.stringify({ kind: 'say', text: 'a'.repeat(GATHERING_TEXT_LENGTH + 1) })],
    ['null', 'null'],
    ['bytes', Buffer.from('{"kind":"say","text":"a"}')],
  ])('answers what it cannot understand to who said it, and to nobody else: %s', async (_what, message) => {
    const { port } = await runSandbox()
    const [one, other] = [await enter(port, '가영'), await enter(port, '나준')]
    one.client.send(message)
    await eventually(() => one.heard.at(-1)?.kind === 'fault')
    one.say('say', '그래도 됩니다')
    await eventually(() => texts(other).length === 1)
    expect(other.heard.some(told => told?.kind === 'fault')).toBe(false)
  })

  test('keeps to itself what is said in it', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await enter(port, '가영'), await enter(port, '나준', '', `${ROOM}x`)]
    one.say('say', '우리끼리')
    await eventually(() => texts(one).length === 1)
    other.say('say', '여기는 다릅니다')
    await eventually(() => texts(other).length === 1)
    expect([texts(one), texts(other)]).toEqual([['우리끼리'], ['여기는 다릅니다']])
  })

  test('calls nobody by a name longer than it may be, and nobody nothing', async () => {
    const { port } = await runSandbox()
    const long = await enter(port, '김'.repeat(100))
    await enter(port, '   ')
    await eventually(() => people(long)?.length === 2)
    expect(people(long)).toEqual(['김'.repeat(12), '손님'])
  })
})
