import { expect, test } from 'vitest'
import { jumpTarget, numberAt } from '../../../src/inspector/jump.ts'
import { clientSays, openConnection } from '../wire/captured.ts'

/** The first byte at 1 ms, frames at 3, 4, … 8 ms. */
function connection() {
  const open = openConnection()
  for (let at = 3_000; at < 9_000; at += 1_000) clientSays(open, 'x', at)
  return open
}

test.each([
  ['1', 0],
  ['#8', 7],
  ['0ms', 0],
  ['2ms', 2],
  ['2.5 ms', 3],
  ['0.004s', 4],
  ['0.004초', 4],
])('%s is an item', (text, number) => {
  expect(jumpTarget(connection(), text)).toEqual({ number })
})

test.each([
  ['', /예: 12/],
  ['abc', /예: 12/],
  ['-3', /예: 12/],
  ['9', /1번부터 8번까지/],
  ['0', /1번부터 8번까지/],
  ['3s', /나중에 지나간 것이 없습니다/],
])('“%s” is none, and says what would be', (text, fault) => {
  const target = jumpTarget(connection(), text)
  expect('fault' in target && target.fault).toMatch(fault)
})

test('a time is the first item from then on', () => {
  expect([numberAt(connection(), 0), numberAt(connection(), 3_001), numberAt(connection(), 9e9)]).toEqual([
    0,
    3,
    undefined,
  ])
})
