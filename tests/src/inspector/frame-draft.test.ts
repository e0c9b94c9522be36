import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { deflateMessage } from '../../../src/inspector/deflate-message.ts'
import {
  closeCodeWarning,
  EMPTY_DRAFT,
  framesOf,
  payloadOf,
  RIGHT_HEAD,
  scriptCallOf,
  type FrameDraft,
  type HeadDraft,
} from '../../../src/inspector/frame-draft.ts'

type Changes = Partial<Omit<FrameDraft, 'head'>> & { readonly head?: Partial<HeadDraft> }

const draft = ({ head, ...changes }: Changes): FrameDraft => ({
  ...EMPTY_DRAFT,
  ...changes,
  head: { ...RIGHT_HEAD, ...head },
})
const random = () => crypto.getRandomValues(new Uint8Array(4))

/** What a parser makes of a client's draft: a word for each frame, and the rules it breaks. */
function crossed(changes: Changes): string[] {
  const filled = draft(changes)
  const payload = payloadOf(filled)
  if ('fault' in payload) throw new Error(payload.fault)
  const frames = framesOf(filled, payload, random, random)
  if ('fault' in frames) throw new Error(frames.fault)
  const stream = new FrameStream('client')
  return frames.flatMap(frame =>
    stream
      .push(encodeFrame(frame))
      .frames.map(({ frame: seen, violations }) =>
        [
          seen.opcode,
          seen.fin ? 'fin' : 'more',
          seen.payloadLength,
          ...violations.map(({ rule }) => rule),
        ].join(' '),
      ),
  )
}

function fault(changes: Changes): string {
  const filled = draft(changes)
  const payload = payloadOf(filled)
  if ('fault' in payload) return payload.fault
  const frames = framesOf(filled, payload, random, random)
  return 'fault' in frames ? frames.fault : ''
}

describe('a draft of a frame', () => {
  test.each<[Changes, string[]]>([
    [{ kind: 'text', content: '안녕' }, ['1 fin 6']],
    [{ kind: 'binary', content: '00 ff 2a', asHex: true }, ['2 fin 3']],
    [{ kind: 'binary', file: { name: 'a.bin', bytes: new Uint8Array(300) } }, ['2 fin 300']],
    [{ kind: 'ping', content: 'hi' }, ['9 fin 2']],
    [{ kind: 'pong', content: '' }, ['10 fin 0']],
    [{ kind: 'close', closeCode: '1000', closeReason: '끝' }, ['8 fin 5']],
    [{ kind: 'close', closeCode: '' }, ['8 fin 0']],
  ])('that is right crosses as it should: %j', (changes, words) => {
    expect(crossed(changes)).toEqual(words)
  })

  test('is cut where the reader cuts it, inside a character too', () => {
    expect(crossed({ content: '안녕', cuts: '1, 3' })).toEqual(['1 more 1', '0 more 2', '0 fin 3'])
  })

  test.each<[Changes, string]>([
    [{ head: { masking: 'never' } }, '1 fin 6 client-masks'],
    [{ head: { rsv2: true } }, '1 fin 6 reserved-bits'],
    [{ head: { opcode: '3' } }, '3 fin 6 reserved-opcode'],
    [{ head: { opcode: '0' } }, '0 fin 6 continuation-of-nothing'],
    [{ head: { lengthForm: '64' } }, '1 fin 6 length-minimal'],
    [{ kind: 'ping', head: { fin: false } }, '9 more 6 control-unfragmented'],
    [{ kind: 'close', closeCode: '1006' }, '8 fin 2 close-code-never-sent'],
    [{ content: 'ff', asHex: true }, '1 fin 1 text-utf8'],
  ])('that breaks a rule on purpose breaks that rule: %j', (changes, words) => {
    expect(crossed(changes)).toEqual([words])
  })

  test('may write a length that the frame does not have', () => {
    const filled = draft({ content: 'a', head: { declaredLength: '1073741824' } })
    const frames = framesOf(filled, new TextEncoder().encode('a'), random, random)
    if ('fault' in frames) throw new Error(frames.fault)
    const [bytes] = frames.map(frame => encodeFrame(frame))
    expect(bytes?.slice(1, 10)).toEqual(Uint8Array.of(0xff, 0, 0, 0, 0, 0x40, 0, 0, 0))
  })

  test.each<[Changes, RegExp]>([
    [{ content: '0', asHex: true }, /16진수/],
    [{ kind: 'close', closeCode: '70000' }, /65535/],
    [{ head: { opcode: '16' } }, /0부터 15/],
    [{ head: { opcode: '1.5' } }, /0부터 15/],
    [{ cuts: '4, 2' }, /커지는 순서/],
    [{ cuts: '7' }, /0부터 6까지/],
    [{ head: { declaredLength: '-1' } }, /2⁶⁴/],
    [{ head: { declaredLength: '18446744073709551616' } }, /2⁶⁴/],
    [{ content: 'a'.repeat(200), head: { lengthForm: '7' } }, /7비트에 쓸 수 없습니다/],
  ])('that cannot be written says why: %j', (changes, why) => {
    expect(fault(changes)).toMatch(why)
  })

  test('warns of a code that no Close may carry', () => {
    expect(['1000', '4999', '', '1006', '999'].map(closeCodeWarning).map(Boolean)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
  })
})

describe('what a browser can be asked for', () => {
  test('is text, bytes and close()', () => {
    expect(scriptCallOf(draft({ content: '안녕' }))).toEqual({ send: '안녕' })
    expect(scriptCallOf(draft({ kind: 'binary', content: '01', asHex: true }))).toEqual({
      send: Uint8Array.of(1),
    })
    expect(scriptCallOf(draft({ content: 'eab080', asHex: true }))).toEqual({ send: '가' })
    expect(scriptCallOf(draft({ kind: 'close', closeCode: '4000', closeReason: 'x' }))).toEqual({
      close: [4000, 'x'],
    })
    expect(scriptCallOf(draft({ kind: 'close', closeCode: '' }))).toEqual({ close: [] })
  })

  test.each<[Changes, RegExp]>([
    [{ kind: 'ping' }, /원시 클라이언트/],
    [{ kind: 'close', closeCode: '1001' }, /3000–4999/],
    [{ kind: 'close', closeReason: '가'.repeat(42) }, /123바이트/],
    [{ content: 'ff', asHex: true }, /UTF-8이 아니어서/],
  ])('is nothing else: %j', (changes, why) => {
    const call = scriptCallOf(draft(changes))
    expect('fault' in call && call.fault).toMatch(why)
  })
})

test('a message compressed here is inflated as RFC 7692 says', async () => {
  const payload = new TextEncoder().encode('안녕하세요 '.repeat(50))
  const message = await deflateMessage(payload)
  expect(message.length).toBeLessThan(payload.length / 2)
  const tail = Uint8Array.of(0, 0, 0xff, 0xff)
  expect(new Uint8Array(inflateRawSync(Buffer.concat([message, tail])))).toEqual(payload)
})
