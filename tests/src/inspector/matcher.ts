import {
  EVERYTHING,
  testOf,
  type FilterTest,
  type FrameFilter,
  type Matcher,
} from '../../../src/inspector/frame-filter.ts'
import { itemText } from '../../../src/inspector/item-text.ts'

/** The test that everything is held against but for what is changed; it has to be one. */
export function filterTest(changes: Partial<FrameFilter>): FilterTest {
  const test = testOf({ ...EVERYTHING, ...changes })
  if ('fault' in test) throw new Error(test.fault)
  return test
}

/** As `filterTest`, all of it in one. */
export function matcherOf(changes: Partial<FrameFilter>): Matcher {
  const { quick, pattern } = filterTest(changes)
  return item => quick(item) && (pattern?.test(itemText(item)) ?? true)
}
