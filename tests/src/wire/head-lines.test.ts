import { expect, test } from 'vitest'
import { layoutHead } from '#words/head-layout.ts'
import { parseRequestHead } from '#protocol/http-head.ts'
import { annotatedLines, headLines } from '../../../src/wire/head-lines.ts'

test('shows each line as it was sent, with the case and spacing of the sender', () => {
  const text = 'GET /a HTTP/1.1\r\nhOsT:  x \r\nUpgrade:websocket\r\n\r\n'
  const head = parseRequestHead(new TextEncoder().encode(text))
  const lines = headLines(head, layoutHead(head))
  expect(lines.map(line => line.name + line.rest)).toEqual([
    'GET /a HTTP/1.1',
    'hOsT:  x ',
    'Upgrade:websocket',
  ])
  expect(lines[1]).toMatchObject({ name: 'hOsT:', mainSpan: 'field:host:value' })
  expect(lines[0]?.mainSpan).toBe('method')
})

test('tells the lines without which there is no WebSocket from the others, and what each means', () => {
  const text = 'GET /a HTTP/1.1\r\nHOST: x\r\nPragma: no-cache\r\n\r\n'
  const lines = annotatedLines(parseRequestHead(new TextEncoder().encode(text)))
  expect(lines.map(line => line.required)).toEqual([true, true, false])
  for (const { sentence } of lines) expect(sentence).toMatch(/다\.$/)
})
