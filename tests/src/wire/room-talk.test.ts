import { describe, expect, test } from 'vitest'
import { lastSaid, servedBy } from '../../../src/wire/room-talk.ts'
import { clientSays, openConnection, seatAt, serverSays } from './captured.ts'

describe('the server that answered', () => {
  test('is the one that the response names', () => {
    expect(servedBy(seatAt('instance-2'))).toBe('instance-2')
    expect(servedBy(openConnection())).toBeUndefined()
  })
})

describe('what was said last', () => {
  test('is told with who has heard it since, and not with what they had heard before', () => {
    const [first, second, third] = [seatAt('instance-1'), seatAt('instance-2'), seatAt('instance-1')]
    serverSays(second, '둘', 3_500_000)
    clientSays(first, '하나', 3_000_000)
    clientSays(third, '둘', 5_000_000)
    for (const seat of [first, third]) serverSays(seat, '둘', 5_100_000)
    expect(lastSaid([first, second, undefined, third])).toEqual({
      speaker: 3,
      text: '둘',
      heardBy: [true, false, false, true],
    })
  })

  test('has been heard by who is at a server whose clock is behind', () => {
    const [first, second] = [seatAt('instance-1'), seatAt('instance-2')]
    clientSays(first, '하나', 3_000_000)
    serverSays(second, '하나', 2_960_000)
    expect(lastSaid([first, second])?.heardBy).toEqual([false, true])
  })

  test('is nothing before anybody spoke', () => {
    expect(lastSaid([seatAt('instance-1'), undefined])).toBeUndefined()
  })
})
