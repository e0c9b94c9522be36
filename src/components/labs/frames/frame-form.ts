import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import type { Frame } from '#protocol/frame.ts'
import { grouped } from '../../../wire/grouped.ts'
import { bytesFromHex } from '../../../wire/hex-text.ts'

/** One frame as the reader sets it, part by part. */
export interface FrameForm {
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  /** 0–15. */
  readonly opcode: number
  readonly masked: boolean
  /** Four bytes in hexadecimal digits. */
  readonly key: string
  /** Bits to write the length with, or the fewest that hold it. */
  readonly lengthForm: 'fewest' | '7' | '16' | '64'
  /** Which of the three that follow is the payload. */
  readonly content: 'text' | 'hex' | 'fill'
  readonly text: string
  readonly hex: string
  /** How many `a` there are. */
  readonly fill: string
}

/** A good text frame, masked with the key of RFC 6455 §5.7 until there is a fresh one. */
export const FIRST_FORM: FrameForm = {
  fin: true,
  rsv1: false,
  rsv2: false,
  rsv3: false,
  opcode: 1,
  masked: true,
  key: '37 fa 21 3d',
  lengthForm: 'fewest',
  content: 'text',
  text: '안녕',
  hex: '00 ff 2a',
  fill: '126',
}

/** Frames to begin with; each says what differs from a good ‘안녕’. */
export const EXAMPLES: readonly { readonly name: string; readonly changes: Partial<FrameForm> }[] = [
  { name: '텍스트 ‘안녕’', changes: {} },
  { name: '바이너리 세 바이트', changes: { opcode: 2, content: 'hex', hex: '00 ff 2a' } },
  { name: '핑', changes: { opcode: 9 } },
  { name: 'FIN을 끈 텍스트', changes: { fin: false } },
  { name: 'RSV1을 켠 텍스트', changes: { rsv1: true } },
  { name: 'opcode 3', changes: { opcode: 3 } },
  { name: '길게 적은 길이', changes: { lengthForm: '16' } },
  { name: '마스킹하지 않은 텍스트', changes: { masked: false } },
  { name: '126바이트 핑', changes: { opcode: 9, content: 'fill', fill: '126' } },
]

/** Somewhat more than the sandbox takes (`sandbox-server/limits.ts`), so that its refusal can be seen. */
export const MOST_FILL = 70_000

/** Why a frame cannot be written: a sentence that says what to write instead. */
export interface FormFault {
  readonly fault: string
}

/** What a form comes to: the frame to write and how it will look on the wire. */
export type Drafted = { readonly fields: AnyFrameFields; readonly frame: Frame } | FormFault

export function draftedFrame(form: FrameForm): Drafted {
  const { fin, rsv1, rsv2, rsv3, opcode, masked } = form
  const payload = payloadOf(form)
  if ('fault' in payload) return payload
  const key = bytesFromHex(form.key)
  if (masked && key?.length !== 4)
    return { fault: '마스킹 키는 네 바이트, 16진수 여덟 자리입니다. 예: 37 fa 21 3d' }
  const lengthForm = form.lengthForm === 'fewest' ? undefined : (Number(form.lengthForm) as 7 | 16 | 64)
  if (lengthForm !== undefined && payload.length >= TOO_LONG[lengthForm])
    return {
      fault: `길이 ${grouped(payload.length)}은(는) ${lengthForm}비트에 쓸 수 없습니다. 더 긴 형식을 고르십시오.`,
    }
  const fields = {
    ...{ fin, rsv1, rsv2, rsv3, opcode, payload },
    ...(lengthForm !== undefined && { lengthForm }),
    ...(masked && { maskingKey: key }),
  }
  const [frame] = new FrameParser().push(encodeFrame(fields))
  if (frame === undefined) throw new Error('what is encoded is a whole frame')
  return { fields, frame }
}

/** The least length that a form cannot hold (RFC 6455 §5.2); above a whole payload for the last. */
const TOO_LONG = { 7: 126, 16: 0x10000, 64: Infinity } as const

function payloadOf({ content, text, hex, fill }: FrameForm): Uint8Array<ArrayBuffer> | FormFault {
  if (content === 'text') return new TextEncoder().encode(text)
  if (content === 'hex') return bytesFromHex(hex) ?? { fault: '16진수 두 자리씩 적어 주십시오. 예: 00 ff 2a' }
  const count = /^\d{1,6}$/.test(fill.trim()) ? Number(fill) : Infinity
  return count <= MOST_FILL
    ? new Uint8Array(count).fill(0x61)
    : { fault: `채울 길이는 0부터 ${grouped(MOST_FILL)}까지의 정수입니다.` }
}
