import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { RedisBus } from '../../../sandbox-server/bus/redis-bus.ts'
import { CAN_SCALE_OUT, Redis } from '../../support/scale-out.ts'

const SILENCE_MS = 100

describe.runIf(CAN_SCALE_OUT)('the bus over Redis', () => {
  test('does not take Redis for silent when this process was too busy to hear it', async () => {
    const redis = await Redis.start()
    const states: string[] = []
    const limits = { busBytes: 1000, busSilenceMs: SILENCE_MS }
    const bus = new RedisBus(redis.url, limits, randomBytes, {
      limit: name => states.push(name),
      bus: state => states.push(state),
    })
    onTestFinished(() => bus.close())
    await new Promise<void>(resolve => bus.onChange(resolve))
    for (let turn = 0; turn < 20; turn++) {
      const end = performance.now() + SILENCE_MS * 1.5
      while (performance.now() < end);
      await setImmediate()
    }
    expect(states).toEqual(['connected'])
  })
})
