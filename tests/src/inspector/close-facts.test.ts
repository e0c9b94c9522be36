import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import type { RecordedEnding } from '#recording/recording.ts'
import { closeFacts } from '../../../src/inspector/close-facts.ts'
import { ConnectionStats } from '../../../src/inspector/connection-stats.ts'
import { traced, type Said } from './traced.ts'

const close = (from: 'client' | 'server', at: number, code?: number, reason?: string): Said => ({
  from,
  at,
  opcode: 8,
  payload: encodeClosePayload(code, reason),
})

function facts(said: readonly Said[], ...how: readonly RecordedEnding['how'][]) {
  const stats = new ConnectionStats()
  for (const item of traced(...said)) stats.add(item)
  return closeFacts(
    stats,
    how.map((each, index) => ({ how: each, at: 10_000 + index })),
  )
}

describe('how a connection ended', () => {
  test('is nothing to tell while it goes on', () => {
    expect(facts([])).toBeUndefined()
  })

  test('tells who began, what each said, and in which order TCP ended', () => {
    const both = [close('client', 4_000, 4000, '끝'), close('server', 5_000, 4000)]
    const told = facts(both, 'server-fin', 'client-fin', 'closed')
    expect(told?.verdict).toBe(
      '클라이언트가 종료 핸드셰이크를 시작했습니다. 양쪽이 종료 프레임을 보내 깨끗하게 끝났습니다.',
    )
    expect(told?.said.map(({ by, code, reason }) => [by, code, reason])).toEqual([
      ['client', 4000, '끝'],
      ['server', 4000, ''],
    ])
    expect(told?.socket.map(({ words }) => words)).toEqual(['서버의 FIN', '클라이언트의 FIN', '소켓이 닫힘'])
  })

  test.each<[string, Said[], RecordedEnding['how'][], RegExp]>([
    ['an RST', [], ['reset', 'closed'], /종료 프레임 없이 연결이 끊겼습니다/],
    ['a FIN alone', [], ['server-fin', 'client-fin', 'closed'], /종료 프레임 없이 TCP 연결이 닫혔습니다/],
    ['one Close', [close('server', 4_000, 1001)], ['reset', 'closed'], /^서버가 .*오지 않은 채 끝났습니다/],
    ['one Close so far', [close('server', 4_000, 1001)], [], /^서버가 .*기다립니다/],
    [
      'both and an RST',
      [close('client', 4_000), close('server', 5_000)],
      ['reset', 'closed'],
      /한순간에 끊겼습니다/,
    ],
  ])('with %s is told', (_, said, how, verdict) => {
    expect(facts(said, ...how)?.verdict).toMatch(verdict)
  })

  test('says what a code means, and of none that there is none', () => {
    expect(facts([close('server', 4_000)])?.said[0]).toMatchObject({ code: undefined, label: '코드 없음' })
    expect(facts([close('server', 4_000, 1001)])?.said[0]?.label).toBe('자리를 떠남')
  })
})
