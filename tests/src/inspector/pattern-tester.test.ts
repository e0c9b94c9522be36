import { afterEach, describe, expect, test } from 'vitest'
import { PatternTester, type PatternWorker } from '../../../src/inspector/pattern-tester.ts'
import { patternThread } from './pattern-thread.ts'

/** Twice as long for each character more: it does not come to an end. */
const ENDLESS = { pattern: /^(a|a)+$/u, texts: [`${'a'.repeat(60)}!`] }

const testers: PatternTester[] = []
afterEach(() => {
  for (const tester of testers.splice(0)) tester.dispose()
})

function tester(limit?: number, create: () => PatternWorker = patternThread) {
  const started: PatternWorker[] = []
  const made = new PatternTester(() => {
    const worker = create()
    started.push(worker)
    return worker
  }, limit)
  testers.push(made)
  return { tester: made, started }
}

describe('a tester of patterns', () => {
  test('tells in which texts a pattern is found, with one worker for all', async () => {
    const { tester: patterns, started } = tester()
    const texts = ['apple', 'pear', 'Apple pie', '']
    expect(await patterns.test({ pattern: /^app/iu, texts })).toEqual([true, false, true, false])
    expect(await patterns.test({ pattern: /^$/, texts })).toEqual([false, false, false, true])
    expect(started.length).toBe(1)
  })

  test('gives up on a pattern that backtracks without end, and answers the next one', async () => {
    const { tester: patterns, started } = tester(100)
    expect(await patterns.test(ENDLESS)).toBe('too-slow')
    expect(await patterns.test({ pattern: /b/, texts: ['abc'] })).toEqual([true])
    expect(started.length).toBe(2)
  })

  test('stops a task when another comes, however long it would take', async () => {
    const { tester: patterns } = tester()
    const former = patterns.test(ENDLESS)
    expect(await patterns.test({ pattern: /b/, texts: ['abc'] })).toEqual([true])
    expect(await former).toBe('stopped')
  })

  test('counts the time from when the worker is there', async () => {
    const slowly = (): PatternWorker => {
      const thread = patternThread()
      const worker: PatternWorker = { ...thread }
      thread.onmessage = first => {
        setTimeout(() => {
          thread.onmessage = event => worker.onmessage?.(event)
          worker.onmessage?.(first)
        }, 300)
      }
      return worker
    }
    const { tester: patterns } = tester(200, slowly)
    expect(await patterns.test({ pattern: /b/, texts: ['abc'] })).toEqual([true])
  })

  test('says when there is no worker to be had, and tries again the next time', async () => {
    let script: string | undefined = 'file:///nowhere.ts'
    const { tester: patterns } = tester(1_000, () => patternThread(script))
    expect(await patterns.test({ pattern: /b/, texts: ['abc'] })).toBe('unavailable')
    script = undefined
    expect(await patterns.test({ pattern: /b/, texts: ['abc'] })).toEqual([true])
  })

  test('that is disposed of says nothing more', async () => {
    const { tester: patterns } = tester()
    const answer = patterns.test({ pattern: /b/, texts: ['abc'] })
    patterns.dispose()
    expect(await answer).toBe('stopped')
  })
})
