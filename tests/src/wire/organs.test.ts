import { expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { explainFrame } from '#words/ko/frame-spans.ts'
import { byteCells } from '../../../src/wire/byte-cells.ts'
import { organPlaces, type OrganPlace } from '../../../src/wire/organs.ts'
import { textFrame } from './captured.ts'

function organsOf(wire: Uint8Array, limit = 256): OrganPlace[] {
  const [frame] = new FrameParser().push(wire)
  if (frame === undefined) throw new Error('no frame')
  return organPlaces(byteCells(frame.wire, explainFrame(frame), limit))
}

/** Each organ as its name and the bytes from its first to its last. */
const runs = (places: readonly OrganPlace[]): [string | undefined, number, number][] =>
  places.flatMap(({ first, name }, start) =>
    first ? [[name, start, places.findIndex(({ last }, index) => index >= start && last)]] : [],
  )

const KEY = Uint8Array.of(1, 2, 3, 4)

test('head, masking key and payload of a frame are outlined and named once each', () => {
  expect(runs(organsOf(textFrame('안녕', KEY)))).toEqual([
    ['헤더', 0, 1],
    ['마스킹 키', 2, 5],
    ['페이로드', 6, 11],
  ])
})

test('an extended length and the parts of a close payload are organs of their own', () => {
  expect(runs(organsOf(textFrame('가'.repeat(50)))).map(([name]) => name)).toEqual([
    '헤더',
    '확장 길이',
    '페이로드',
  ])
  const close = encodeFrame({ opcode: 0x8, payload: Uint8Array.of(3, 232, 98, 121, 101) })
  expect(runs(organsOf(close)).map(([name]) => name)).toEqual(['헤더', '종료 코드', '종료 이유'])
})

test('an organ that goes on beyond what is shown has no last byte', () => {
  const places = organsOf(textFrame('안녕', KEY), 8)
  expect(places).toHaveLength(8)
  expect(places.filter(({ last }) => last)).toHaveLength(2)
  expect(places.at(-1)?.last).toBe(false)
})
