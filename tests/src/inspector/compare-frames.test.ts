import { describe, expect, test } from 'vitest'
import { OPCODES } from '#protocol/opcodes.ts'
import { compareFrames, differences } from '../../../src/inspector/compare-frames.ts'
import { traced, utf8, type Said } from './traced.ts'

function frames(left: Said, right: Said) {
  const [one, other] = traced(left, right).flatMap(item => (item.kind === 'frame' ? [item.frame] : []))
  if (!one || !other) throw new Error('two frames')
  return [one, other] as const
}

describe('two frames side by side', () => {
  test('of the same message with two keys differ in the key alone', () => {
    const said = { from: 'client', opcode: OPCODES.text, payload: utf8('같은 말') } as const
    const pairs = compareFrames(...frames(said, { ...said, maskingKey: Uint8Array.of(1, 2, 3, 4) }))
    expect(pairs.filter(pair => !pair.isSame).map(pair => pair.id)).toEqual(['masking-key'])
  })

  test('show a span that only one of them has, in its place', () => {
    const pairs = compareFrames(
      ...frames(
        { from: 'server', opcode: OPCODES.binary, payload: new Uint8Array(125) },
        { from: 'server', opcode: OPCODES.binary, payload: new Uint8Array(126) },
      ),
    )
    expect(pairs.map(pair => pair.id).slice(-3)).toEqual(['payload-length', 'extended-length', 'payload'])
    expect(pairs.find(pair => pair.id === 'extended-length')).toMatchObject({
      left: undefined,
      right: '126',
      isSame: false,
    })
  })

  test('with payloads that begin alike are told apart by their last byte', () => {
    const payload = new Uint8Array(500)
    const other = payload.with(499, 1)
    const [pair] = compareFrames(
      ...frames(
        { from: 'server', opcode: OPCODES.binary, payload },
        { from: 'server', opcode: OPCODES.binary, payload: other },
      ),
    ).filter(each => each.id === 'payload')
    expect(pair?.isSame).toBe(false)
    expect(differences(payload, other, 10)).toEqual([{ start: 499, end: 500 }])
  })
})

test('differing bytes come as ranges, a longer rest among them, no more than asked for', () => {
  expect(differences(utf8('abcdef'), utf8('aBCdef!!'), 10)).toEqual([
    { start: 1, end: 3 },
    { start: 6, end: 8 },
  ])
  expect(differences(utf8('a-b-c-'), utf8('A-B-C-'), 2)).toHaveLength(2)
  expect(differences(utf8('same'), utf8('same'), 2)).toEqual([])
})
