import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { MessageInflater } from '#protocol/deflate.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { CapturedConnection, DEFAULT_KEPT } from '../../../src/wire/captured-connection.ts'
import { inflate } from '../../../src/wire/inflate.ts'
import { changed, concat, head, hex, RFC_REQUEST, RFC_RESPONSE, utf8 } from '../../protocol/bytes.ts'
import { deflateMessage, deflateMessages, inflate as inflateByNode } from '../../protocol/inflate.ts'
import { builtSite } from '../../support/built-site.ts'

const TAKEOVER = { serverNoContextTakeover: false, clientNoContextTakeover: false }

/** What comes out: the bytes, or what kind of error says that there are none. */
function outcome(run: () => Uint8Array): string {
  try {
    return Buffer.from(run()).toString('hex')
  } catch (error) {
    return error instanceof RangeError ? 'too long' : 'not DEFLATE'
  }
}

describe('inflating in the page', () => {
  const words = fc.array(fc.constantFrom('프레임', 'frame', ' ', '핸드셰이크', 'x'.repeat(5000)), {
    maxLength: 60,
  })

  it('gives what node:zlib gives, message after message in one context', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), fc.boolean(), (messages, forgets) => {
        const parameters = { ...TAKEOVER, clientNoContextTakeover: forgets }
        const texts = messages.map(each => utf8(each.join('')))
        const ours = new MessageInflater(inflate, parameters, 'client')
        const theirs = new MessageInflater(inflateByNode, parameters, 'client')
        for (const [i, payload] of deflateMessages(texts, !forgets).entries()) {
          const inflated = Buffer.from(ours.message(payload, 1 << 20))
          expect(inflated.equals(Buffer.from(theirs.message(payload, 1 << 20)))).toBe(true)
          expect(inflated.equals(texts[i] ?? hex(''))).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('fails where node:zlib fails, at damaged data and at data cut short', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(words, words, damage, (before, text, { at, byte, cut }) => {
        const [, payload = hex('')] = deflateMessages([utf8(before.join('')), utf8(text.join(''))], true)
        const damaged = payload.slice(0, cut === 0 ? payload.length : payload.length - cut)
        if (damaged.length > 0) damaged[at % damaged.length] = byte
        const window = utf8(before.join('')).slice(-32768)
        const data = concat(damaged, hex('0000ffff010000ffff'))
        expect(outcome(() => inflate(data, window, 1 << 20))).toBe(
          outcome(() => inflateByNode(data, window, 1 << 20)),
        )
      }),
      { numRuns: 400 },
    )
  })

  it('takes a message whose last block says it is the last (RFC 7692 §7.2.3.4)', () => {
    const inflater = new MessageInflater(inflate, TAKEOVER, 'client')
    expect(Buffer.from(inflater.message(hex('f3 48 cd c9 c9 07 00 00'), 100)).toString()).toBe('Hello')
  })

  it.each([0, 1, 999, 1000, 65_535, 65_536])('gives as many as %i bytes and not one more', length => {
    const tail = hex('0000ffff010000ffff')
    const data = (size: number) => concat(deflateMessage(new Uint8Array(size)), tail)
    expect(inflate(data(length), hex(''), length)).toHaveLength(length)
    expect(() => inflate(data(length + 1), hex(''), length)).toThrow(RangeError)
  })

  it('stops a small message that would become a large one', () => {
    const bomb = concat(deflateMessage(new Uint8Array(100_000_000)), hex('0000ffff010000ffff'))
    expect(() => inflate(bomb, hex(''), 1 << 20)).toThrow(RangeError)
  })
})

describe('a captured connection with permessage-deflate', () => {
  const extension = { 'Sec-WebSocket-Extensions': 'permessage-deflate' }
  const request = head(changed(RFC_REQUEST, extension))
  const response = head(changed(RFC_RESPONSE, extension))
  const [first = hex(''), second = hex('')] = deflateMessages([utf8('안녕'), utf8('안녕')], true)
  const frame = (payload: Uint8Array) =>
    encodeFrame({ opcode: 1, rsv1: true, payload, maskingKey: hex('01020304') })
  const texts = (items: CapturedConnection['items']) =>
    items.flatMap(item => (item.kind === 'frame' ? [item.message?.text] : []))

  it('shows its messages inflated as soon as it can, those that came meanwhile too', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const connection = new CapturedConnection(1, 'echo', DEFAULT_KEPT, resolve)
    connection.addChunk('client', request, 1)
    connection.addChunk('server', response, 2)
    connection.addChunk('client', frame(first), 3)
    expect(texts(connection.items)).toEqual([undefined])
    await promise
    expect(texts(connection.items)).toEqual(['안녕'])
    connection.addChunk('client', frame(second), 4)
    expect(texts(connection.items)).toEqual(['안녕', '안녕'])
    expect(connection.items.map(item => item.at)).toEqual([1, 2, 3, 4])
  })

  it('reads nothing again when compression was not agreed on', async () => {
    let again = 0
    const connection = new CapturedConnection(1, 'echo', DEFAULT_KEPT, () => again++)
    connection.addChunk('client', request, 1)
    connection.addChunk('server', head(RFC_RESPONSE), 2)
    const { items } = connection
    connection.addChunk('client', encodeFrame({ opcode: 1, maskingKey: hex('01020304') }), 3)
    await import('../../../src/wire/inflate.ts')
    expect(connection.items).toBe(items)
    expect(items).toHaveLength(3)
    expect(again).toBe(0)
  })
})

describe('what inflates', () => {
  let folder: string
  beforeAll(async () => {
    folder = await builtSite()
  })

  it('is in a script of its own, which no page loads before it is needed', () => {
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    const scripts = globSync('**/*.js', { cwd: folder })
    const [inflating = '', ...more] = scripts.filter(file =>
      read(file).includes('invalid distance too far back'),
    )
    expect(more).toEqual([])
    const name = inflating.split('/').at(-1) ?? ''
    const naming = scripts.filter(file => read(file).includes(name))
    expect(naming.length).toBeGreaterThan(0)
    const loadsAtOnce = (file: string) =>
      ['from', 'import'].some(word => ['"', "'"].some(mark => read(file).includes(`${word}${mark}./${name}`)))
    expect(naming.filter(loadsAtOnce)).toEqual([])
    expect(globSync('**/*.html', { cwd: folder }).filter(file => read(file).includes(name))).toEqual([])
  })
})
