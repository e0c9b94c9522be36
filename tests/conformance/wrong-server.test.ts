import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Case } from './table/case.ts'
import { FAULTS, WRONG, type Fault } from './table/faults.ts'
import { judge } from './table/judge.ts'
import { plainServer } from './table/plain-server.ts'
import { playAll, portOf } from './table/play.ts'
import { CASES, TABLE } from './table/table.ts'

/** The cases that a server with these faults fails, with what it did. */
async function failures(
  faults: Iterable<Fault>,
  cases: readonly Case[],
  patience: number,
): Promise<Map<string, string>> {
  const server = plainServer(new Set(faults)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const outcomes = await playAll(
    { port: portOf(server), paths: { plain: '/', deflate: '/' }, patience },
    cases,
  )
  return new Map(
    outcomes.flatMap(([each, outcome]) => {
      const fault = judge(each, outcome)
      return fault === undefined ? [] : [[each.id, fault] as const]
    }),
  )
}

describe('a server written from the RFC alone', () => {
  test('passes the whole table', async () => {
    expect(await failures([], CASES, 5_000)).toEqual(new Map())
  })

  test.each(Object.entries(FAULTS) as [Fault, string][])(
    'that %s fails in the chapter on %s',
    async (fault, title) => {
      const cases = TABLE.find(chapter => chapter.title === title)?.cases ?? []
      expect((await failures([fault], cases, 200)).size).toBeGreaterThan(0)
    },
  )
})

test('a server that checks next to nothing fails at least a third of the table', async () => {
  const lines: string[] = []
  let failed = 0
  let all = 0
  for (const { title, cases } of TABLE) {
    const { size } = await failures(WRONG, cases, 400)
    lines.push(`${title}: ${cases.length} cases, of which the wrong server fails ${size}`)
    failed += size
    all += cases.length
  }
  console.info([...lines, `all: ${all} cases, of which the wrong server fails ${failed}`].join('\n'))
  expect(failed).toBeGreaterThanOrEqual(all / 3)
})
