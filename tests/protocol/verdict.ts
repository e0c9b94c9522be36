import type { DeflateParameters } from '#protocol/deflate.ts'
import { encodeFrame, fragments, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { encodeClosePayload, parseClosePayload } from '#protocol/close-payload.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import fc from 'fast-check'
import { deflateMessage, inflate } from './inflate.ts'

/** What an endpoint makes of a stream: what it was told in order, and how that ended. */
export interface Verdict {
  readonly events: readonly string[]
  /** Code the endpoint fails the connection with; absent when nothing was wrong. */
  readonly failure: number | undefined
}

export interface OurVerdict extends Verdict {
  readonly rule: string | undefined
  /** Bad UTF-8 found before its message ended, or compressed data that does not end: others find out later. */
  readonly early: boolean
}

/** What `ws` does not refuse and RFC 6455 §5.2 does: "the minimal number of bytes MUST be used to encode the length". */
const LENIENT = ['length-minimal']

/** Our verdict on a sender's chunks, as an endpoint that stops at the first failure or Close. */
export function ourVerdict(
  sender: Role,
  chunks: readonly Uint8Array[],
  deflate?: DeflateParameters,
  lenient: readonly string[] = LENIENT,
  lenientToControl = false,
): OurVerdict {
  const stream = new FrameStream(sender, { deflate: deflate && { parameters: deflate, inflate } })
  const events: string[] = []
  for (const chunk of chunks) {
    const { frames, fault } = stream.push(chunk)
    for (const { frame, violations, message } of frames) {
      const broken = violations.find(
        each =>
          each.closeCode !== undefined &&
          !(lenient.includes(each.rule) && (frame.opcode < 8 || lenientToControl)),
      )
      if (broken)
        return {
          events,
          failure: broken.closeCode,
          rule: broken.rule,
          early: (broken.rule === 'text-utf8' && !frame.fin) || broken.rule === 'deflate-data',
        }
      if (message) events.push(told(message.kind, message.payload))
      if (frame.opcode === OPCODES.ping || frame.opcode === OPCODES.pong)
        events.push(told(frame.opcode === OPCODES.ping ? 'ping' : 'pong', frame.payload))
      if (frame.opcode === OPCODES.close) {
        const { code = 1005, reason } = parseClosePayload(frame.payload)
        return {
          events: [...events, `close ${code} ${reason}`],
          failure: undefined,
          rule: undefined,
          early: false,
        }
      }
    }
    if (fault) return { events, failure: fault.violation.closeCode, rule: fault.violation.rule, early: false }
  }
  return { events, failure: undefined, rule: undefined, early: false }
}

/** One event, as both verdicts write it. */
export function told(kind: string, payload: Uint8Array): string {
  return `${kind} ${Buffer.from(payload).toString('hex')}`
}

const text = fc.string({ unit: 'binary', maxLength: 60 })
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 120, maxLength: 300 }),
  text.map(each => new Uint8Array(Buffer.from(each))),
)
const code = fc.oneof(fc.constantFrom(1000, 1001, 1011, 3000, 4999), fc.integer({ min: 0, max: 5100 }))

/** Legal messages and control frames, fragmented at random with control frames between. */
function legal(deflated: boolean): fc.Arbitrary<AnyFrameFields[]> {
  const message = fc
    .record({
      opcode: fc.constantFrom<1 | 2>(1, 2),
      text,
      cuts: fc.array(fc.nat({ max: 40 }), { maxLength: 3 }),
      compressed: deflated ? fc.boolean() : fc.constant(false),
    })
    .map(({ opcode, text, cuts, compressed }): AnyFrameFields[] => {
      const plain = new Uint8Array(Buffer.from(text))
      const payload = compressed ? deflateMessage(plain) : plain
      const sorted = cuts.filter(cut => cut <= payload.length).sort((a, b) => a - b)
      return fragments({ opcode, payload, rsv1: compressed }, sorted)
    })
  const control = fc
    .record({ opcode: fc.constantFrom<9 | 10>(9, 10), payload: fc.uint8Array({ maxLength: 125 }) })
    .map((frame): AnyFrameFields[] => [frame])
  const between = fc.tuple(message, fc.option(control)).map(([frames, ping]) => {
    const [first, ...rest] = frames
    return first && ping ? [first, ...ping, ...rest] : frames
  })
  return fc.array(fc.oneof(between, control), { maxLength: 5 }).map(parts => parts.flat())
}

/** A frame of any kind, most of them with something wrong. */
function wild(deflated: boolean): fc.Arbitrary<AnyFrameFields> {
  const rare = fc.integer({ min: 0, max: 7 }).map(each => each === 0)
  const data = fc
    .record({
      opcode: fc.oneof(fc.constantFrom(0, 1, 2, 8, 9, 10), fc.nat({ max: 15 })),
      fin: fc.boolean(),
      rsv1: deflated ? fc.boolean() : rare,
      rsv2: rare,
      rsv3: rare,
      payload: bytes,
      long: rare,
    })
    .map(({ long, ...frame }): AnyFrameFields => {
      // Others inflate fragments as they come; we inflate the message, so garbage is only for whole ones.
      const rsv1 = frame.rsv1 && (frame.fin || !deflated)
      return { ...frame, rsv1, ...(long && { lengthForm: 64 }) }
    })
  const close = fc
    .record({ code, reason: bytes, half: rare })
    .map(({ code, reason, half }): AnyFrameFields => ({
      opcode: 8,
      payload: half
        ? new Uint8Array(1)
        : new Uint8Array([...encodeClosePayload(code), ...reason.subarray(0, 123)]),
    }))
  return fc.oneof({ weight: 4, arbitrary: data }, { weight: 1, arbitrary: close })
}

export interface Stream {
  readonly wire: Uint8Array
  readonly cuts: readonly number[]
}

/** Bytes a sender writes: mostly legal frames, then perhaps one of any kind, masked as it should be or rarely not. */
export function streams(sender: Role, deflated: boolean): fc.Arbitrary<Stream> {
  return fc
    .record({
      frames: fc
        .tuple(legal(deflated), fc.array(wild(deflated), { maxLength: 2 }), legal(deflated))
        .map(each => each.flat()),
      wrongMask: fc.integer({ min: -1, max: 30 }),
      keys: fc.infiniteStream(fc.uint8Array({ minLength: 4, maxLength: 4 })),
      cuts: fc.array(fc.nat({ max: 1000 }), { maxLength: 6 }),
    })
    .map(({ frames, wrongMask, keys, cuts }) => {
      const wires = frames.map((frame, i) => {
        const masked = (sender === 'client') !== (i === wrongMask)
        return encodeFrame(masked ? { ...frame, maskingKey: keys.next().value } : frame)
      })
      const wire = new Uint8Array(Buffer.concat(wires))
      return { wire, cuts: cuts.filter(cut => cut <= wire.length) }
    })
}
