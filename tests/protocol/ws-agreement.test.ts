import fc from 'fast-check'
import { PerMessageDeflate, Receiver, Sender } from 'ws'
import { describe, expect, it } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import { cutAt, hex } from './bytes.ts'
import {
  AGREEMENTS,
  everyLength,
  LIMIT,
  ourVerdict,
  sameFailure,
  streams,
  told,
  type Agreement,
  type Verdict,
} from './verdict.ts'

/** The verdict of ws's Receiver on the same chunks. */
async function wsVerdict(
  sender: Role,
  chunks: readonly Uint8Array[],
  agreement: Agreement = 'plain',
  maxPayload = LIMIT,
): Promise<Verdict> {
  const isServer = sender === 'client'
  const deflate = agreement === 'plain' ? undefined : new PerMessageDeflate({ isServer, maxPayload })
  deflate?.accept([
    agreement === 'deflate, context not taken over' ? { [`${sender}_no_context_takeover`]: [true] } : {},
  ])
  const receiver = new Receiver({
    isServer,
    maxPayload,
    ...(deflate && { extensions: { [PerMessageDeflate.extensionName]: deflate } }),
  })
  const events: string[] = []
  let failure: number | undefined
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    events.push(told(isBinary ? 'binary' : 'text', data)),
  )
  receiver.on('ping', (data: Buffer) => events.push(told('ping', data)))
  receiver.on('pong', (data: Buffer) => events.push(told('pong', data)))
  let concluded = false
  receiver.on('conclude', (code: number, reason: Buffer) => {
    concluded = true
    events.push(`close ${code} ${reason.toString()}`)
  })
  receiver.on('error', (error: Error) => {
    const codes = Object.getOwnPropertySymbols(error).map(
      (symbol): unknown => Object.getOwnPropertyDescriptor(error, symbol)?.value,
    )
    failure = codes.find((code): code is number => typeof code === 'number') ?? 0
  })
  for (const chunk of chunks) {
    if (failure !== undefined || concluded) break
    await new Promise<void>(resolve => receiver.write(Buffer.from(chunk), () => resolve()))
  }
  deflate?.cleanup()
  return { events, failure }
}

describe.each(ROLES)('bytes of a %s', sender => {
  it('mean the same to ws and to us, with lengths of every form cut at every byte of their heads', async () => {
    const { wire, cuts } = everyLength(sender)
    for (const cut of cuts) {
      const ours = ourVerdict(sender, cutAt(wire, [cut]))
      const theirs = await wsVerdict(sender, cutAt(wire, [cut]))
      if (ours.failure !== theirs.failure || ours.events.join() !== theirs.events.join())
        expect.unreachable(`cut at ${cut}`)
      expect(ours.events).toHaveLength(5)
    }
  })

  it.each(AGREEMENTS)(
    'of any kind get the same messages and the same close code from ws and from us: %s',
    { timeout: 120_000 },
    async agreement => {
      let failures = 0
      await fc.assert(
        fc.asyncProperty(streams(sender, agreement), async ({ wire, cuts }) => {
          const ours = ourVerdict(sender, cutAt(wire, cuts), agreement)
          const theirs = await wsVerdict(sender, cutAt(wire, cuts), agreement)
          if (theirs.failure !== undefined) failures++
          if (ours.early) {
            // §8.1: a stream that is not UTF-8 fails as soon as that is found; ws looks when the message is whole. And it
            // takes a compressed message that ends inside a block, which no message made as RFC 7692 §7.2.1 says does.
            expect(theirs.events.slice(0, ours.events.length)).toEqual(ours.events)
          } else {
            expect(theirs.events).toEqual(ours.events)
            expect(sameFailure(ours, theirs) ? ours.failure : theirs.failure).toBe(ours.failure)
          }
        }),
        { numRuns: agreement === 'plain' ? 600 : 250 },
      )
      expect(failures).toBeGreaterThan(50)
    },
  )

  it.each(AGREEMENTS)(
    'that are longer than the limit get the same code from ws and from us: %s',
    { timeout: 60_000 },
    async agreement => {
      let failures = 0
      await fc.assert(
        fc.asyncProperty(streams(sender, agreement, true), async ({ wire, cuts }) => {
          const ours = ourVerdict(sender, cutAt(wire, cuts), agreement, {}, 150)
          const theirs = await wsVerdict(sender, cutAt(wire, cuts), agreement, 150)
          if (ours.failure === 1009) failures++
          // It inflates fragments as they come, and so may find out before the last one is there.
          const known = ours.failure === 1009 ? ours.events.slice(0, theirs.events.length) : ours.events
          expect({ events: known, failure: ours.failure }).toEqual(theirs)
        }),
        { numRuns: 200 },
      )
      expect(failures).toBeGreaterThan(20)
    },
  )
})

describe('where we differ from ws on purpose', () => {
  it.each([
    // "the most significant bit MUST be 0" (§5.2): a protocol error. ws calls it too big for it.
    ['a 64-bit length with its top bit set', hex('82 7f 8000000000000000'), 1002, 1009],
    // "the minimal number of bytes MUST be used to encode the length" (§5.2). ws takes it.
    ['a length longer than it need be', hex('81 7e 0001 61'), 1002, undefined],
    // "that endpoint MUST _Fail the WebSocket Connection_" (§8.1), as soon as it "finds" so. ws waits for the end.
    ['bad UTF-8 in a message that goes on', hex('01 01 ff'), 1007, undefined],
  ])('%s', async (_, wire, ours, theirs) => {
    expect(ourVerdict('server', [wire], 'plain', { rules: [] }).failure).toBe(ours)
    expect((await wsVerdict('server', [wire])).failure).toBe(theirs)
  })
})

describe('a legal frame', () => {
  it('is written byte for byte as ws writes it', () => {
    fc.assert(
      fc.property(
        fc.record({
          opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
          fin: fc.boolean(),
          rsv1: fc.boolean(),
          size: fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(65535, 65536, 70_000)),
          key: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
        }),
        ({ opcode, fin, rsv1, size, key }) => {
          const payload = Uint8Array.from({ length: size }, (_, i) => i * 31)
          const parts = Sender.frame(payload.slice(), {
            opcode,
            fin,
            rsv1,
            mask: key !== undefined,
            readOnly: true,
            maskBuffer: Buffer.alloc(4),
            generateMask: mask => mask.set(key ?? []),
          })
          const ours = encodeFrame({ opcode, fin, rsv1, payload, maskingKey: key })
          expect(Buffer.concat(parts).equals(ours)).toBe(true)
        },
      ),
    )
  })
})
