import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { processClock } from '../../sandbox-server/clock.ts'
import { Dialler } from '../../sandbox-server/dialler.ts'
import { Race } from '../../sandbox-server/race/race.ts'
import { LiveCapture } from '../support/live-capture.ts'
import { mayCapture, packetFields, temporaryFile } from '../support/tshark.ts'

describe.skipIf(!mayCapture())('what a race counts on its sockets', () => {
  test('is what tshark counts on the wire, for every way', { timeout: 60_000 }, async () => {
    const dialler = new Dialler(1000)
    const probe = await dialler.dial()
    const serverPort = probe.server.localPort ?? 0
    const live = new LiveCapture(String(serverPort))
    const mark = (text: string) => live.reach(text, () => say(text))
    async function say(text: string) {
      const read = once(probe.server, 'data')
      probe.client.write(text)
      await read
    }
    await mark('the race begins')
    const race = new Race({
      settings: {
        rate: 20,
        size: 200,
        subscribers: 3,
        pollMs: 150,
        seconds: 3,
        batching: true,
        keepAlive: false,
      },
      headers: { Host: '127.0.0.1', 'User-Agent': 'tshark looks on', 'Accept-Language': 'ko-KR' },
      dial: () => dialler.dial(),
      clock: processClock,
    })
    await race.run()
    const tallies = race.tallies()
    await mark('the race is over')
    const file = temporaryFile('race.pcapng', await live.stop())
    const packets = await packetFields(file, 'tcp.len > 0 && !tcp.analysis.retransmission', [
      'tcp.stream',
      'tcp.srcport',
      'tcp.len',
    ])
    /** Of all connections but the one that marks the capture. */
    const seen = (up: boolean) =>
      packets
        .filter(([stream, port]) => stream !== packets[0]?.[0] && (Number(port) !== serverPort) === up)
        .reduce((sum, [, , length]) => sum + Number(length), 0)
    const counted = (side: 'up' | 'down') => tallies.reduce((sum, tally) => sum + tally[side], 0)
    for (const side of ['up', 'down'] as const) {
      expect(counted(side)).toBeGreaterThan(10_000)
      expect(Math.abs(counted(side) / seen(side === 'up') - 1)).toBeLessThan(0.01)
    }
    probe.client.destroy()
    probe.server.destroy()
    dialler.close()
  })
})
