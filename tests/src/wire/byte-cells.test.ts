import { expect, test } from 'vitest'
import { layoutFrame } from '#words/frame-layout.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { byteCells, moveInBytes } from '../../../src/wire/byte-cells.ts'
import { textFrame } from './captured.ts'

const [frame] = new FrameParser().push(textFrame('안녕', Uint8Array.of(1, 2, 3, 4)))
if (frame === undefined) throw new Error('no frame')
const spans = layoutFrame(frame)
const cells = byteCells(frame.wire, spans, 256)

test('every byte of a frame is one cell, coloured by what it belongs to', () => {
  expect(cells.map(cell => cell.hex).join('')).toBe(Buffer.from(frame.wire).toString('hex'))
  expect(cells.map(cell => cell.tissue)).toEqual([
    ...Array(2).fill('head'),
    ...Array(4).fill('key'),
    ...Array(6).fill('payload'),
  ])
})

test('shows no more cells than asked for', () => {
  expect(byteCells(frame.wire, spans, 5)).toHaveLength(5)
})

test.each([
  ['ArrowRight', false, 0, 1],
  ['ArrowRight', true, 2, 6],
  ['ArrowLeft', true, 6, 2],
  ['ArrowLeft', true, 4, 2],
  ['ArrowLeft', false, 0, 0],
  ['ArrowDown', false, 1, 9],
  ['ArrowDown', false, 9, 9],
  ['ArrowUp', false, 9, 1],
  ['Home', false, 7, 0],
  ['End', false, 0, 11],
])('%s (by span: %s) moves from byte %i to %i', (key, bySpan, from, to) => {
  expect(moveInBytes(cells, from, key, bySpan, 8)).toBe(to)
})

test('leaves other keys alone', () => {
  expect(moveInBytes(cells, 0, 'a', false, 8)).toBeUndefined()
})
