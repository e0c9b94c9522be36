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
  expect(pulse?.delay).toBeGreaterThan(0)
})

test.each(['', 'null', '{}', '{"connections":-1}', '[1]'])('%s is no pulse', message => {
  expect(readPulse(message)).toBeUndefined()
})
