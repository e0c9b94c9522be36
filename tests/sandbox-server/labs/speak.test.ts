import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openLab } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'

test('the speaking lab speaks unasked, as often as it was told, and then no more', async () => {
  const { port } = await runSandbox()
  const client = openLab(port, undefined, {}, [], 'speak?every=20&count=3')
  const said: string[] = []
  client.on('message', data => said.push((data as Buffer).toString()))
  await once(client, 'open')
  while (said.length < 3) await once(client, 'message')
  // A ping goes behind whatever was sent before it.
  client.ping()
  await once(client, 'pong')
  expect(said).toEqual(['서버의 말 1', '서버의 말 2', '서버의 말 3'])
})
