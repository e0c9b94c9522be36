import { describe, expect, test } from 'vitest'
import { Replay } from '../../../src/inspector/replay.ts'

const MOMENTS = [1_000, 2_000, 2_000, 500_000]

describe('a replay', () => {
  test('begins with everything on show', () => {
    const replay = new Replay(MOMENTS)
    expect([replay.position, replay.shown, replay.playing]).toEqual([500_000, 4, false])
  })

  test('plays from the beginning, in the time it took, and stops at the end', () => {
    const replay = new Replay(MOMENTS)
    replay.play()
    expect(replay.shown).toBe(1)
    replay.pass(1)
    expect(replay.shown).toBe(3)
    replay.pass(400)
    expect([replay.shown, replay.playing]).toEqual([3, true])
    replay.pass(98)
    expect([replay.shown, replay.playing]).toEqual([4, false])
  })

  test('runs faster or slower', () => {
    const replay = new Replay(MOMENTS)
    replay.play()
    replay.speed = 0.1
    replay.pass(9)
    expect(replay.shown).toBe(1)
    replay.pass(1)
    expect(replay.shown).toBe(3)
    replay.speed = 20
    replay.pass(25)
    expect(replay.shown).toBe(4)
  })

  test('waits for nothing longer than two seconds', () => {
    const replay = new Replay([0, 3_600_000_000])
    replay.play()
    replay.pass(1_999)
    expect(replay.shown).toBe(1)
    replay.pass(1)
    expect(replay.shown).toBe(2)
  })

  test('steps one by one, also where several came at one moment, both ways and no further than its ends', () => {
    const replay = new Replay(MOMENTS)
    const places = [-1, -1, -1, -1, 1, 1, 1, 1].map(by => {
      replay.step(by)
      return [replay.position, replay.shown]
    })
    expect(places).toEqual([
      [2_000, 3],
      [2_000, 2],
      [1_000, 1],
      [1_000, 1],
      [2_000, 2],
      [2_000, 3],
      [500_000, 4],
      [500_000, 4],
    ])
    replay.step(-10)
    expect(replay.shown).toBe(1)
    replay.step(100)
    expect([replay.shown, replay.isOver]).toEqual([4, true])
  })

  test('whose end came several at once is not over before the last of them', () => {
    const replay = new Replay([1_000, 2_000, 2_000])
    replay.step(-1)
    expect([replay.position, replay.isOver]).toEqual([2_000, false])
    replay.play()
    expect([replay.shown, replay.playing]).toEqual([2, true])
    replay.pass(1)
    expect([replay.shown, replay.playing]).toEqual([3, false])
  })

  test('can be sought in while it plays', () => {
    const replay = new Replay(MOMENTS)
    replay.play()
    replay.seek(3_000)
    expect([replay.shown, replay.playing]).toEqual([3, true])
    replay.seek(-5)
    expect(replay.position).toBe(1_000)
    replay.seek(1e12)
    expect([replay.position, replay.playing]).toEqual([500_000, false])
  })

  test('of nothing, or of one moment, is over at once', () => {
    for (const moments of [[], [7]]) {
      const replay = new Replay(moments)
      replay.play()
      replay.pass(10)
      replay.step(1)
      expect([replay.playing, replay.shown]).toEqual([false, moments.length])
    }
  })
})
