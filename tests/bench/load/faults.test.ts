import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALONE } from '../../../bench/load/alone.ts'
import { repeat } from '../../../bench/load/attacks.ts'
import { FAULTS } from '../../../bench/load/faults.ts'
import { Idlers } from '../../../bench/load/idlers.ts'
import { ECHO_PATH } from '../../../bench/load/light-client.ts'
import { countedBy, environmentOf, faultIn, settled } from '../../../bench/load/measure-faults.ts'
import { Readers } from '../../../bench/load/readers.ts'
import { ServerProcess } from '../../../bench/load/server-process.ts'

/** Each fault is over soon. */
const HURRIED = { headMs: 300, requestMs: 600, frameMs: 300, stallMs: 600, closingHandshakeMs: 200 }

/** Of what `npm run load` does for minutes: each fault a few times, all at once, beside readers whose words all come back. */
describe('faults, all at once beside readers', () => {
  let server: ServerProcess
  let readers: Readers

  beforeAll(async () => {
    // One address may open less, so that few are enough to see what the next is answered.
    const environment = environmentOf({ ...HURRIED, addressConnections: 2 })
    server = await ServerProcess.start('sandbox', { environment })
    const setting = {
      port: server.port,
      path: ECHO_PATH,
      readers: 20,
      burst: 20,
      everyMs: 1_000,
      pages: true,
    }
    readers = await Readers.open(setting)
    readers.start()
  })

  afterAll(async () => {
    await readers?.leave()
    await server?.kill()
  })

  test.concurrent.each(FAULTS.map(fault => [fault.name, fault] as const))('%s', async (_name, fault) => {
    const tally = await repeat(20, 0.5, number => fault.act(server.port, number))
    expect(faultIn(tally, fault)).toBeUndefined()
    expect(await countedBy(server, fault)).toBeGreaterThan(0)
  })

  test('leave nothing behind, nobody without an answer, and the server as it was', async () => {
    await readers.stop()
    expect(readers.waits()).toMatchObject({ errors: 0 })
    await readers.leave()
    expect(await settled(server, 0)).toBe(0)
    expect(server.strayLines).toEqual([])
    expect(await server.stop()).toBe(0)
  })
})

test.concurrent.each(ALONE.map(fault => [fault.name, fault] as const))('%s', async (_name, { run }) => {
  expect(await run()).toEqual([])
})

test('many who say nothing are all there', async () => {
  const server = await ServerProcess.start('sandbox')
  const idlers = await Idlers.open(server.port, ECHO_PATH, 500)
  expect(await idlers.answering()).toBe(500)
  await idlers.leave()
  expect(await settled(server, 0)).toBe(0)
  expect(await server.stop()).toBe(0)
})
