import { once } from 'node:events'
import { expect, test } from 'vitest'
import { PING_PILE } from '#contract/addresses.ts'
import { openLab } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'

test('the ping lab pings at the rate its client asks for, numbers its pings, and echoes', async () => {
  const { port } = await runSandbox()
  const client = openLab(port, undefined, {}, [], 'ping?every=50')
  const payloads: string[] = []
  client.on('ping', payload => payloads.push(payload.toString()))
  await once(client, 'open')
  client.send('안녕')
  expect(String((await once(client, 'message'))[0])).toBe('안녕')
  while (payloads.length < 3) await once(client, 'ping')
  expect(payloads.slice(0, 3)).toEqual(['1', '2', '3'])
})

test('a client that answers no pings of the lab is left to the limits of every lab', async () => {
  const { port } = await runSandbox({ limits: { pingIntervalMs: 200 } })
  const client = openLab(port, undefined, { autoPong: false }, [], 'ping?every=50')
  await once(client, 'open')
  expect((await once(client, 'close'))[0]).toBe(1006)
})

test('the ping lab sends as much as a text asks for, but no more than it may, and one pile at a time', async () => {
  const { port } = await runSandbox()
  const client = openLab(port, undefined, {}, [], 'ping?every=60000')
  await once(client, 'open')
  const sizes: number[] = []
  client.on('message', data => sizes.push((data as Buffer).length))
  client.send(`${PING_PILE.word} 999`)
  client.send(`${PING_PILE.word} 1`)
  while (sizes.length < PING_PILE.most / 64) await once(client, 'message')
  // What is said after the pile comes after it: had there been another, it would be here.
  client.send(PING_PILE.word)
  await once(client, 'message')
  expect(sizes).toEqual([...Array<number>(PING_PILE.most / 64).fill(64 * 1024), PING_PILE.word.length])
})
