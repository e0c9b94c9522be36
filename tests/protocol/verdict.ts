import type { DeflateParameters } from '#protocol/deflate.ts'
import { encodeFrame, fragments, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { encodeClosePayload, parseClosePayload } from '#protocol/close-payload.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import fc from 'fast-check'
import { concat, hex, utf8 } from './bytes.ts'
import { deflateMessage, inflate } from './inflate.ts'

/** What the two sides agreed on: nothing, or permessage-deflate with the sender's context taken over or not. */
export type Agreement = 'plain' | 'deflate, context taken over' | 'deflate, context not taken over'
export const AGREEMENTS: readonly Agreement[] = [
  'plain',
  'deflate, context taken over',
  'deflate, context not taken over',
]

export function parametersOf(agreement: Agreement): DeflateParameters | undefined {
  if (agreement === 'plain') return undefined
  const forgets = agreement === 'deflate, context not taken over'
  return { serverNoContextTakeover: forgets, clientNoContextTakeover: forgets }
}

/** Longest message every endpoint here takes unless told otherwise, in bytes. */
export const LIMIT = 16 << 20

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
  /** Bytes of a frame that is not whole: others may have found something in its head already. */
  readonly unfinished: boolean
}

/** What `ws` does not refuse and RFC 6455 §5.2 does: "the minimal number of bytes MUST be used to encode the length". */
const LENIENT = ['length-minimal']

export interface Leniency {
  /** Rules not held against data frames. */
  readonly rules?: readonly string[]
  /** Whether they are not held against control frames either. */
  readonly toControl?: boolean
}

/** Our verdict on a sender's chunks, as an endpoint that stops at the first failure or Close. */
export function ourVerdict(
  sender: Role,
  chunks: readonly Uint8Array[],
  agreement: Agreement = 'plain',
  { rules = LENIENT, toControl = false }: Leniency = {},
  maxLength = LIMIT,
): OurVerdict {
  const parameters = parametersOf(agreement)
  const stream = new FrameStream(sender, { maxLength, deflate: parameters && { parameters, inflate } })
  const events: string[] = []
  for (const chunk of chunks) {
    const { frames, fault } = stream.push(chunk)
    for (const { frame, violations, message } of frames) {
      const broken = violations.find(
        each =>
          each.closeCode !== undefined && !(rules.includes(each.rule) && (frame.opcode < 8 || toControl)),
      )
      if (broken) {
        const early = (broken.rule === 'text-utf8' && !frame.fin) || broken.rule === 'deflate-data'
        return { events, failure: broken.closeCode, rule: broken.rule, early, unfinished: false }
      }
      if (message) events.push(told(message.kind, message.payload))
      if (frame.opcode === OPCODES.ping || frame.opcode === OPCODES.pong)
        events.push(told(frame.opcode === OPCODES.ping ? 'ping' : 'pong', frame.payload))
      if (frame.opcode === OPCODES.close) {
        const { code = 1005, reason } = parseClosePayload(frame.payload)
        events.push(`close ${code} ${reason}`)
        return { events, failure: undefined, rule: undefined, early: false, unfinished: false }
      }
    }
    if (fault) {
      const { rule, closeCode } = fault.violation
      return { events, failure: closeCode, rule, early: false, unfinished: false }
    }
  }
  return { events, failure: undefined, rule: undefined, early: false, unfinished: stream.pending > 0 }
}

/**
 * Whether another endpoint fails a stream as we do. A length no one can take is 1009 to those that count first, and a
 * frame that breaks another rule besides may be told by either: "the most significant bit MUST be 0" (§5.2). And a
 * frame of which only the head came is judged by us when it is whole.
 */
export function sameFailure(ours: OurVerdict, theirs: Verdict): boolean {
  const mayDiffer = ours.unfinished || ours.rule === 'length-63-bits' || ours.rule === 'message-length'
  return (
    ours.failure === theirs.failure || (mayDiffer && (theirs.failure === 1002 || theirs.failure === 1009))
  )
}

/** One event, as both verdicts write it. */
export function told(kind: string, payload: Uint8Array): string {
  return `${kind} ${Buffer.from(payload).toString('hex')}`
}

const text = fc.string({ unit: 'binary', maxLength: 60 })
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 120, maxLength: 300 }),
  text.map(utf8),
)
const code = fc.oneof(fc.constantFrom(1000, 1001, 1011, 3000, 4999), fc.integer({ min: 0, max: 5100 }))
const rare = fc.integer({ min: 0, max: 7 }).map(each => each === 0)

/** A message before it is cut into frames, and compressed in the context of those before it. */
interface Said {
  readonly opcode: 1 | 2
  readonly payload: Uint8Array
  readonly cuts: readonly number[]
  readonly compressed: boolean
  /** A control frame behind its first frame. */
  readonly between: AnyFrameFields | null
}

const control = fc.record({
  opcode: fc.constantFrom<9 | 10>(9, 10),
  payload: fc.uint8Array({ maxLength: 125 }),
})

/** Texts repeat themselves, so that compression finds something to refer to; few are so long that 64 bits say it. */
const payload = fc.oneof(
  { weight: 30, arbitrary: text.map(utf8) },
  { weight: 10, arbitrary: fc.nat({ max: 40 }).map(times => utf8('웹소켓 프레임 '.repeat(times))) },
  { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 70_000).map(size => utf8('a'.repeat(size))) },
)

const said: fc.Arbitrary<Said> = fc.record({
  opcode: fc.constantFrom<1 | 2>(1, 2),
  payload,
  cuts: fc.array(fc.nat({ max: 40 }), { maxLength: 3 }),
  compressed: fc.boolean(),
  between: fc.option(control),
})

/** A frame of any kind, most of them with something wrong. */
function wild(deflated: boolean): fc.Arbitrary<AnyFrameFields> {
  const data = fc
    .record({
      opcode: fc.oneof(fc.constantFrom(0, 1, 2, 8, 9, 10), fc.nat({ max: 15 })),
      fin: fc.boolean(),
      rsv1: deflated ? fc.boolean() : rare,
      rsv2: rare,
      rsv3: rare,
      payload: bytes,
      form: fc.constantFrom<16 | 64 | null>(null, null, null, null, null, 64, 64),
      lie: fc.oneof(
        { weight: 9, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }) },
      ),
    })
    .map(({ form, lie, ...frame }): AnyFrameFields => {
      // Others inflate fragments as they come; we inflate the message, so garbage is only for whole ones.
      const rsv1 = frame.rsv1 && (frame.fin || !deflated)
      const declared = Math.max(0, frame.payload.length + lie)
      return {
        ...frame,
        rsv1,
        ...(form !== null && { lengthForm: form }),
        ...(lie !== 0 && { declaredLength: declared }),
      }
    })
  const close = fc
    .record({ code, reason: bytes, half: rare })
    .map(({ code, reason, half }): AnyFrameFields => ({
      opcode: 8,
      payload: half ? new Uint8Array(1) : concat(encodeClosePayload(code), reason.subarray(0, 123)),
    }))
  return fc.oneof({ weight: 4, arbitrary: data }, { weight: 1, arbitrary: close })
}

export interface Stream {
  readonly wire: Uint8Array
  readonly cuts: readonly number[]
}

/** Bytes a sender writes: legal frames, between them a few of any kind unless told not; some masked as they should not be. */
export function streams(sender: Role, agreement: Agreement, legal = false): fc.Arbitrary<Stream> {
  const deflated = agreement !== 'plain'
  const parts = fc.array(fc.oneof({ weight: 3, arbitrary: said }, { weight: 1, arbitrary: control }), {
    maxLength: 5,
  })
  return fc
    .record({
      parts: fc
        .tuple(parts, fc.array(wild(deflated), { maxLength: legal ? 0 : 2 }), parts)
        .map(each => each.flat()),
      wrongMask: legal ? fc.constant(-1) : fc.integer({ min: -1, max: 30 }),
      keys: fc.infiniteStream(fc.uint8Array({ minLength: 4, maxLength: 4 })),
      cuts: fc.array(fc.nat({ max: 1000 }), { maxLength: 6 }),
    })
    .map(({ parts, wrongMask, keys, cuts }) => {
      const frames = framesOf(parts, agreement)
      const wires = frames.map((frame, i) => {
        const masked = (sender === 'client') !== (i === wrongMask)
        return encodeFrame(masked ? { ...frame, maskingKey: keys.next().value } : frame)
      })
      const wire = concat(...wires)
      return { wire, cuts: cuts.filter(cut => cut <= wire.length) }
    })
}

function framesOf(parts: readonly (Said | AnyFrameFields)[], agreement: Agreement): AnyFrameFields[] {
  let before = hex('')
  return parts.flatMap(part => {
    if (!('cuts' in part)) return [part]
    const rsv1 = part.compressed && agreement !== 'plain'
    const payload = rsv1 ? deflateMessage(part.payload, before) : part.payload
    if (rsv1 && agreement === 'deflate, context taken over')
      before = concat(before, part.payload).slice(-32_768)
    const cuts = part.cuts.filter(cut => cut <= payload.length).sort((a, b) => a - b)
    const [first, ...rest] = fragments({ opcode: part.opcode, payload, rsv1 }, cuts)
    return [...(first ? [first] : []), ...(part.between ? [part.between] : []), ...rest]
  })
}

/** A stream with lengths of all three forms, each the shortest that holds it, and the cuts at every byte of its heads. */
export function everyLength(sender: Role): { readonly wire: Uint8Array; readonly cuts: readonly number[] } {
  const frames = [
    { opcode: 1, payload: utf8('안녕하세요') },
    { opcode: 2, payload: new Uint8Array(126).fill(1), fin: false },
    { opcode: 9, payload: utf8('?') },
    { opcode: 0, payload: new Uint8Array(65_536).fill(2) },
    { opcode: 10 },
    { opcode: 8, payload: hex('03e9 ec9588') },
  ]
  const wires = frames.map((frame, i) =>
    encodeFrame({ ...frame, ...(sender === 'client' && { maskingKey: Uint8Array.of(i, 2, 3, 4) }) }),
  )
  const wire = concat(...wires)
  const middle = wire.length - 60_000
  return {
    wire,
    cuts: [...wire.keys(), wire.length].filter(at => at < 300 || at > wire.length - 60 || at === middle),
  }
}
