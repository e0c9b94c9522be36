import { describe, expect, test } from 'vitest'
import { PLACES, placeOfFile } from '../../../src/content/course.ts'
import { sectionTitle } from '../../../src/content/rfc.ts'

describe('the course', () => {
  test('has every slug once, in a form that can be an address', () => {
    const slugs = PLACES.map(place => place.planned.slug)
    expect(new Set(slugs).size).toBe(slugs.length)
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  test('a file name says where its lesson stands', () => {
    expect(placeOfFile('02-anatomy/01-handshake.mdx')).toMatchObject({ number: '2-1', part: 2, lesson: 1 })
    expect(placeOfFile('/a/b/05-building/06-final-exam.mdx').planned.title).toBe('졸업 시험')
  })

  test.each([
    ['handshake.mdx', 'a lesson is named'],
    ['02-anatomy/01-handshakes.mdx', 'no lesson of course.ts has the slug "handshakes"'],
    ['02-anatomy/03-handshake.mdx', 'course.ts has "handshake" at 2-1'],
  ])('%s is refused', (path, problem) => {
    expect(() => placeOfFile(path)).toThrow(problem)
  })
})

test('sections of the RFCs have the titles of the documents', () => {
  expect(sectionTitle('6455', '5.2')).toBe('Base Framing Protocol')
  expect(sectionTitle('8441', '5')).toBe('Using Extended CONNECT to Bootstrap the WebSocket Protocol')
  expect(sectionTitle('6455', '5.9')).toBeUndefined()
})
