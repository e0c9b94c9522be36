import { describe, expect, test } from 'vitest'
import { FrameRules } from '#protocol/frame-rules.ts'
import { hexOf } from '#protocol/hex.ts'
import {
  draftedFrame,
  EXAMPLES,
  FIRST_FORM,
  type FrameForm,
} from '../../../../src/components/labs/frames/frame-form.ts'

const wire = (changes: Partial<FrameForm>): string => {
  const drafted = draftedFrame({ ...FIRST_FORM, ...changes })
  return 'fault' in drafted ? drafted.fault : hexOf(drafted.frame.wire)
}

describe('a form', () => {
  test('comes to the frame that RFC 6455 §5.7 gives as its example', () => {
    expect(wire({ text: 'Hello' })).toBe('81 85 37 fa 21 3d 7f 9f 4d 51 58')
    expect(wire({ text: 'Hello', masked: false })).toBe('81 05 48 65 6c 6c 6f')
    expect(wire({ text: 'Hello', masked: false, opcode: 9 })).toBe('89 05 48 65 6c 6c 6f')
  })

  test.each<[Partial<FrameForm>, string]>([
    [{ fin: false, rsv1: true, rsv2: true, rsv3: true, opcode: 15 }, '7f 86'],
    [{ content: 'hex', hex: 'ff00', masked: false, lengthForm: '64' }, '81 7f 00 00 00 00 00 00 00 02 ff 00'],
    [{ content: 'fill', fill: '126', masked: false }, '81 7e 00 7e 61'],
    [{ content: 'fill', fill: '65536', masked: false }, '81 7f 00 00 00 00 00 01 00 00 61'],
  ])('sets each part by itself: %j', (changes, begins) => {
    expect(wire(changes).startsWith(begins)).toBe(true)
  })

  test.each<[Partial<FrameForm>, string]>([
    [{ key: '37 fa 21' }, '네 바이트'],
    [{ key: 'no' }, '네 바이트'],
    [{ content: 'hex', hex: 'f' }, '두 자리씩'],
    [{ content: 'fill', fill: '70001' }, '70,000까지'],
    [{ content: 'fill', fill: '-1' }, '70,000까지'],
    [{ content: 'fill', fill: '126', lengthForm: '7' }, '7비트에 쓸 수 없습니다'],
    [{ content: 'fill', fill: '65536', lengthForm: '16' }, '16비트에 쓸 수 없습니다'],
  ])('that cannot be written says why: %j', (changes, why) => {
    expect(wire(changes)).toContain(why)
  })

  test('needs no key when nothing is masked', () => {
    expect(wire({ masked: false, key: '' })).toBe('81 06 ec 95 88 eb 85 95')
  })
})

test('each example breaks the one rule that it is there for, or none', () => {
  const broken = EXAMPLES.map(({ name, changes }) => {
    const drafted = draftedFrame({ ...FIRST_FORM, ...changes })
    if ('fault' in drafted) throw new Error(`${name}: ${drafted.fault}`)
    return new FrameRules('client', false)
      .check(drafted.frame)
      .map(({ rule }) => rule)
      .join()
  })
  expect(broken).toEqual([
    '',
    '',
    '',
    '',
    'reserved-bits',
    'reserved-opcode',
    'length-minimal',
    'client-masks',
    'control-length',
  ])
})
