import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runSandbox } from '../sandbox-server/support/running-sandbox.ts'
import { judgeStrictly } from './table/judge.ts'
import { play, playAll } from './table/play.ts'
import { CASES, TABLE } from './table/table.ts'

const LABS = { paths: { plain: '/lab/echo', deflate: '/lab/deflate' }, patience: 4_000 }

describe.each(TABLE)('$title', ({ cases }) => {
  const named = cases.map(each => [each.sentence, each.section, each] as const)
  test.each(named)('%s (%s)', async (_sentence, _section, each) => {
    const { port } = await runSandbox()
    expect(judgeStrictly(each, await play({ ...LABS, port }, each))).toBeUndefined()
  })
})

/** Chapters that say the same where compression was agreed on and is not used. RSV1 has a meaning there. */
const UNMOVED = TABLE.filter(({ title }) => title !== 'compression' && title !== 'reserved bits')

test.each(UNMOVED)('all of $title is so too where compression is agreed on', async ({ cases }) => {
  const { port } = await runSandbox()
  const outcomes = await playAll(
    { ...LABS, port },
    cases.map(each => ({ ...each, offer: 'permessage-deflate' })),
  )
  expect(outcomes.map(([each, outcome]) => [each.id, judgeStrictly(each, outcome)])).toEqual(
    cases.map(({ id }) => [id, undefined]),
  )
})

test('no two cases have one name, or say the same', () => {
  expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length)
  expect(new Set(CASES.map(({ sentence }) => sentence)).size).toBe(CASES.length)
})

test('the guide counts the cases as they are', () => {
  const guide = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8')
  const counts = [...guide.matchAll(/^\| ([^|]+?) +\| +(\d+) \|/gm)].map(([, title, count]) => [
    title,
    Number(count),
  ])
  expect(counts).toEqual([...TABLE.map(({ title, cases }) => [title, cases.length]), ['all', CASES.length]])
})
