import { once } from 'node:events'
import { constants, createDeflateRaw } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MessageInflater, type DeflateParameters } from '#protocol/deflate.ts'
import { encodeFrame, fragments } from '#protocol/frame-encoder.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { concat, hex, utf8 } from './bytes.ts'
import { deflateMessage, inflate } from './inflate.ts'

const TAKEOVER: DeflateParameters = { serverNoContextTakeover: false, clientNoContextTakeover: false }

/** Messages compressed one after another in one context, as a sender that takes it over does. */
async function inOneContext(messages: readonly Uint8Array[], windowBits = 15): Promise<Uint8Array[]> {
  const stream = createDeflateRaw({ windowBits, memLevel: 1 })
  const compressed: Uint8Array[] = []
  for (const message of messages) {
    const chunks: Buffer[] = []
    const collect = (chunk: Buffer): void => void chunks.push(chunk)
    stream.on('data', collect)
    stream.write(message)
    await new Promise<void>(resolve => stream.flush(constants.Z_SYNC_FLUSH, () => resolve()))
    stream.off('data', collect)
    compressed.push(new Uint8Array(Buffer.concat(chunks).subarray(0, -4)))
  }
  stream.destroy()
  await once(stream, 'close')
  return compressed
}

describe('a compressed message', () => {
  it.each([
    ['§7.2.3.1, fixed Huffman codes', ['f2 48 cd c9 c9 07 00'], ['Hello']],
    ['§7.2.3.2, sharing the context', ['f2 48 cd c9 c9 07 00', 'f2 00 11 00 00'], ['Hello', 'Hello']],
    ['§7.2.3.3, without compression', ['00 05 00 fa ff 48 65 6c 6c 6f 00'], ['Hello']],
    ['§7.2.3.4, with BFINAL set', ['f3 48 cd c9 c9 07 00 00'], ['Hello']],
    ['§7.2.3.5, two blocks', ['f2 48 05 00 00 00 ff ff ca c9 c9 07 00'], ['Hello']],
    ['§7.2.3.6, empty', ['00'], ['']],
  ])('is inflated as in RFC 7692 %s', (_, payloads, texts) => {
    const inflater = new MessageInflater(inflate, TAKEOVER, 'server')
    expect(payloads.map(payload => Buffer.from(inflater.message(hex(payload), 1000)).toString())).toEqual(
      texts,
    )
  })

  it('is followed through a context of any length, whatever was said before', async () => {
    const words = fc.array(fc.constantFrom('프레임', 'frame', 'mask', ' ', '핸드셰이크'), { maxLength: 3000 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 5 }),
        fc.constantFrom(9, 12, 15),
        async (parts, windowBits) => {
          const messages = parts.map(part => utf8(part.join('')))
          const compressed = await inOneContext(messages, windowBits)
          const inflater = new MessageInflater(inflate, TAKEOVER, 'client')
          for (const [i, payload] of compressed.entries())
            expect(Buffer.from(inflater.message(payload, 1 << 20)).equals(messages[i] ?? hex(''))).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  })

  it.each([
    // The first was found at random: what is put behind it is taken for its own data, and ends its block by chance.
    ['4b 58 30 61'],
    ['f2 48 cd'],
    [''],
  ])('is not taken for whole when it ends inside a block: %s', payload => {
    const inflater = new MessageInflater(inflate, TAKEOVER, 'client')
    expect(() => inflater.message(hex(payload), 1000)).toThrow()
  })

  it('cannot be followed when its context was not taken over after all', async () => {
    const [first = hex(''), second = hex('')] = await inOneContext([
      utf8('프레임 프레임'),
      utf8('프레임 프레임'),
    ])
    const inflater = new MessageInflater(inflate, { ...TAKEOVER, clientNoContextTakeover: true }, 'client')
    expect(Buffer.from(inflater.message(first, 100)).toString()).toBe('프레임 프레임')
    expect(() => inflater.message(second, 100)).toThrow()
  })

  it('forgets the context of only that side which said so', async () => {
    const [first = hex(''), second = hex('')] = await inOneContext([
      utf8('프레임 프레임'),
      utf8('프레임 프레임'),
    ])
    const inflater = new MessageInflater(inflate, { ...TAKEOVER, serverNoContextTakeover: true }, 'client')
    inflater.message(first, 100)
    expect(Buffer.from(inflater.message(second, 100)).toString()).toBe('프레임 프레임')
  })

  it('may inflate to the limit and no further, however small it is', () => {
    const bomb = deflateMessage(new Uint8Array(10_000_000))
    expect(bomb.length).toBeLessThan(11_000)
    const broken = (maxLength: number) =>
      new FrameStream('server', { maxLength, deflate: { parameters: TAKEOVER, inflate } })
        .push(encodeFrame({ opcode: 2, rsv1: true, payload: bomb }))
        .frames.flatMap(each => each.violations.map(({ rule, closeCode }) => [rule, closeCode]))
    expect(broken(10_000_000)).toEqual([])
    expect(broken(9_999_999)).toEqual([['message-length', 1009]])
  })

  it('is put together from its fragments before it is inflated', () => {
    const payload = deflateMessage(utf8('안녕하세요'))
    for (let cut = 0; cut <= payload.length; cut++) {
      const wire = concat(...fragments({ opcode: 1, rsv1: true, payload }, [cut]).map(encodeFrame))
      const { frames } = new FrameStream('server', { deflate: { parameters: TAKEOVER, inflate } }).push(wire)
      expect(frames.map(each => each.message?.text)).toEqual([undefined, '안녕하세요'])
      expect(frames.flatMap(each => each.violations)).toEqual([])
      expect(frames[1]?.message).toMatchObject({ compressed: true, frames: 2, wireLength: payload.length })
    }
  })
})
