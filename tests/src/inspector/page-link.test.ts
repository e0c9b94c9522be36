import { expect, test } from 'vitest'
import { formatLink, parseLink, type PageLink } from '../../../src/inspector/page-link.ts'

test.each<PageLink>([
  {},
  { item: 12 },
  { item: 3, span: 'masking-key' },
  { sample: 'first-connection', item: 1, span: 'field:host:name' },
  { packed: 'Ab-_9', item: 2 },
  { handed: 'k1' },
  { packed: 'Ab', connection: 2, item: 1 },
])('a link is read as it was written: %j', link => {
  expect(parseLink(formatLink(link))).toEqual(link)
})

test('is short to look at', () => {
  expect(formatLink({ item: 3, span: 'field:host:name' })).toBe('#item=3&span=field:host:name')
  expect(formatLink({})).toBe('')
})

test.each(['#', '#item=0', '#item=-1', '#item=1.5', '#item=x', '#item=1e99', '#other=1', '#%%%'])(
  'what says nothing is no link: %s',
  fragment => {
    expect(parseLink(fragment)).toEqual({})
  },
)
