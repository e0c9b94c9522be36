import { describe, expect, test } from 'vitest'
import { keyOf, type ProgressRecord } from '../../../src/progress/records.ts'
import { lastPlace, standingOf } from '../../../src/progress/standing.ts'

function records(...keys: string[]): Map<string, ProgressRecord> {
  return new Map(keys.map((key, at) => [key, { at }]))
}

describe('where a reader stands with a lesson', () => {
  test('new, until something of it is kept', () => {
    expect(standingOf(records('place:first-connection/section'), 'handshake', 1)).toEqual({
      state: 'new',
      missionsLeft: 1,
    })
  })

  test.each(['place:handshake/section', 'question:handshake/a', 'mark:handshake/end', 'mission:handshake/m'])(
    'begun with %s',
    key => {
      expect(standingOf(records(key), 'handshake', 1).state).toBe('begun')
    },
  )

  test('read with its mark, whatever missions are left', () => {
    expect(standingOf(records('mark:handshake/read', 'mission:handshake/m'), 'handshake', 3)).toEqual({
      state: 'read',
      missionsLeft: 2,
    })
  })

  test('a mission that has left the lesson counts as nothing', () => {
    expect(
      standingOf(records('mission:handshake/a', 'mission:handshake/b'), 'handshake', 1).missionsLeft,
    ).toBe(0)
  })

  test('a lesson whose name begins like another is another', () => {
    expect(standingOf(records('mark:handshake/read'), 'hand', 0).state).toBe('new')
  })
})

describe('the last place', () => {
  test('is the latest of all lessons', () => {
    const places = new Map<string, ProgressRecord>([
      [keyOf('place', 'handshake', 'section'), { at: 20, answer: '규칙', title: '규칙' }],
      [keyOf('place', 'first-connection', 'section'), { at: 10, answer: '요약', title: '요약' }],
      [keyOf('question', 'masking', 'q'), { at: 30, answer: 'k' }],
    ])
    expect(lastPlace(places)).toEqual({ lesson: 'handshake', section: '규칙', title: '규칙' })
  })

  test('is nowhere before the first section', () => {
    expect(lastPlace(new Map())).toBeUndefined()
  })
})
