import { expect, test } from 'vitest'
import { isMissionId, MISSIONS } from '../../../src/missions/missions.ts'

test('an unknown mission is no mission, not even a name every object has', () => {
  expect(isMissionId('nine-bytes')).toBe(true)
  expect(isMissionId('toString')).toBe(false)
})

test.each(Object.keys(MISSIONS).filter(id => isMissionId(id)))(
  '%s has a judge, who passes nobody before anything has crossed',
  async id => {
    const judge = await MISSIONS[id]()
    expect(judge([]).passed).toBe(false)
  },
)
