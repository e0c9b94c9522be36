import { once } from 'node:events'
import { expect, test } from 'vitest'
import { readPulse } from '#contract/pulse.ts'
import { openLab, Page } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'

test('says what the sandbox really holds, and how late it was', async () => {
  const { port, sandbox } = await runSandbox()
  await Page.open(port)
  const client = openLab(port, undefined, {}, [], 'pulse')
  const [data] = (await once(client, 'message')) as [Buffer]
  const pulse = readPulse(data.toString())
  const { connections, sessions, webSockets } = sandbox.holdings()
  expect(pulse).toMatchObject({ connections, sessions, webSockets })
  expect(pulse?.memory).toBeGreaterThan(10)
  expect(pulse?.delay).toBeGreaterThanOrEqual(0)
})

/** Keeps the event loop from turning. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('counts as late what happens while somebody looks, and nothing before', async () => {
  const { port } = await runSandbox()
  const delays: number[] = []
  const look = async () => {
    const client = openLab(port, undefined, {}, [], 'pulse')
    client.on('message', (data: Buffer) => delays.push(readPulse(data.toString())?.delay ?? NaN))
    await once(client, 'message')
    return client
  }
  const first = await look()
  block(400)
  await once(first, 'message')
  expect(delays[1]).toBeGreaterThan(350)
  first.close()
  await once(first, 'close')
  block(700)
  await look()
  expect(delays.at(-1)).toBeLessThan(600)
})

test.each(['', 'null', '{}', '{"connections":-1}', '[1]'])('%s is no pulse', message => {
  expect(readPulse(message)).toBeUndefined()
})
