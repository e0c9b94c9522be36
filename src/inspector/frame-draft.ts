import { closeCodeRule, encodeClosePayload } from '#protocol/close-payload.ts'
import { fragments, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { OPCODES, type ControlOpcode, type DataOpcode } from '#protocol/opcodes.ts'
import { bytesFromHex } from '../wire/hex-text.ts'
import { scriptMayClose } from '../wire/script-close.ts'

/** What a reader can say. `bytes` go out as they are, without a frame around them. */
export const DRAFT_KINDS = ['text', 'binary', 'ping', 'pong', 'close', 'bytes'] as const
export type DraftKind = (typeof DRAFT_KINDS)[number]

/** A frame as the reader fills it in: text fields hold what was typed. */
export interface FrameDraft {
  readonly kind: DraftKind
  /** Content as text, or as hexadecimal digits when `asHex`. */
  readonly content: string
  readonly asHex: boolean
  /** The content is this file's instead. */
  readonly file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined
  /** Empty: a Close without a code. */
  readonly closeCode: string
  readonly closeReason: string
  /** Offsets in bytes at which a message is cut into fragments; empty: one frame. */
  readonly cuts: string
  readonly compress: boolean
  /** What is written in the head by hand. */
  readonly head: HeadDraft
}

/** The head of a frame as the reader wants it, legal or not. */
export interface HeadDraft {
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  /** 0–15; empty: what the kind asks for. */
  readonly opcode: string
  /** `right` masks as the side must; the others do not. */
  readonly masking: 'right' | 'never' | 'zero' | 'other-key'
  readonly lengthForm: 'fewest' | '7' | '16' | '64'
  /** Empty: the length that it has. */
  readonly declaredLength: string
}

export const RIGHT_HEAD: HeadDraft = {
  fin: true,
  rsv1: false,
  rsv2: false,
  rsv3: false,
  opcode: '',
  masking: 'right',
  lengthForm: 'fewest',
  declaredLength: '',
}

/** Whether a reader has changed what would be right of a frame's head, or cut it. */
export function isHandmade({ head, cuts }: FrameDraft): boolean {
  return cuts !== '' || JSON.stringify(head) !== JSON.stringify(RIGHT_HEAD)
}

export const EMPTY_DRAFT: FrameDraft = {
  kind: 'text',
  content: '안녕',
  asHex: false,
  file: undefined,
  closeCode: '1000',
  closeReason: '',
  cuts: '',
  compress: false,
  head: RIGHT_HEAD,
}

/** Why a draft cannot be sent: a Korean sentence that says what and how to write it. */
export interface DraftFault {
  readonly fault: string
}

/** Content of a draft as bytes, not compressed yet. */
export function payloadOf(draft: FrameDraft): Uint8Array<ArrayBuffer> | DraftFault {
  const { kind, content, asHex, file, closeCode, closeReason } = draft
  if (kind === 'close') {
    const code = wholeNumber(closeCode, 0, 0xffff)
    if (code === 'bad')
      return { fault: '종료 코드는 0부터 65535까지의 정수이며, 비워 두면 코드 없이 보냅니다.' }
    return encodeClosePayload(code, closeReason)
  }
  if (file) return file.bytes
  if (!asHex) return new TextEncoder().encode(content)
  return bytesFromHex(content) ?? { fault: '16진수 두 자리씩 적어 주십시오. 예: 00 ff 2a' }
}

/**
 * The frames of a draft.
 * @param payload its content, compressed already when it is to be
 * @param freshKey gives a masking key to a side that masks, nothing to the other
 * @param anyKey gives four random bytes
 */
export function framesOf(
  draft: FrameDraft,
  payload: Uint8Array<ArrayBuffer>,
  freshKey: () => Uint8Array | undefined,
  anyKey: () => Uint8Array,
): AnyFrameFields[] | DraftFault {
  const { kind, head } = draft
  const opcode = wholeNumber(head.opcode, 0, 15)
  if (opcode === 'bad') return { fault: 'opcode는 0부터 15까지의 정수입니다.' }
  const cuts = cutsOf(draft.cuts, payload.length)
  if (cuts === 'bad')
    return { fault: `자를 곳은 0부터 ${payload.length}까지의 바이트 위치를 커지는 순서로 적습니다. 예: 3, 6` }
  const declared = declaredOf(head.declaredLength)
  if (declared === 'bad') return { fault: '적을 길이는 0부터 2⁶⁴−1까지의 정수입니다.' }
  const form = head.lengthForm === 'fewest' ? undefined : (Number(head.lengthForm) as 7 | 16 | 64)
  const longest = declared ?? payload.length
  if (form !== undefined && longest > LONGEST[form])
    return { fault: `길이 ${longest}는 ${form}비트에 쓸 수 없습니다. 더 긴 형식을 고르십시오.` }
  // Which frames there are does not depend on the opcode, and a control frame may be cut here too, though it must not.
  const message = { opcode: OPCODES.binary, payload, fin: head.fin, rsv1: draft.compress }
  return fragments(message, cuts).map(({ opcode: usual, rsv1, ...fields }) => ({
    ...fields,
    opcode: opcode ?? (usual === OPCODES.continuation ? usual : KIND_OPCODES[kind]),
    rsv1: head.rsv1 || rsv1 === true,
    rsv2: head.rsv2,
    rsv3: head.rsv3,
    ...(form !== undefined && { lengthForm: form }),
    ...(declared !== undefined && { declaredLength: declared }),
    ...keysFor(head.masking, freshKey, anyKey),
  }))
}

function keysFor(
  masking: HeadDraft['masking'],
  freshKey: () => Uint8Array | undefined,
  anyKey: () => Uint8Array,
): Pick<AnyFrameFields, 'maskingKey' | 'appliedKey'> {
  switch (masking) {
    case 'right':
      return { maskingKey: freshKey() }
    case 'never':
      return {}
    case 'zero':
      return { maskingKey: new Uint8Array(4) }
    case 'other-key':
      return { maskingKey: anyKey(), appliedKey: anyKey() }
  }
}

/** What a browser's `WebSocket` can be asked for, or why not. */
export function scriptCallOf(
  draft: FrameDraft,
):
  | { readonly send: string | Uint8Array<ArrayBuffer> }
  | { readonly close: readonly [code?: number, reason?: string] }
  | DraftFault {
  const { kind, content, asHex, file, closeCode, closeReason } = draft
  if (kind === 'close') return scriptClose(closeCode, closeReason)
  if (kind !== 'text' && kind !== 'binary')
    return {
      fault:
        '브라우저의 WebSocket은 이 프레임을 보내는 함수를 내주지 않습니다. 원시 클라이언트로 연결하면 보낼 수 있습니다.',
    }
  if (kind === 'text' && !file && !asHex) return { send: content }
  const payload = payloadOf(draft)
  if ('fault' in payload) return payload
  if (kind === 'binary') return { send: payload }
  try {
    return { send: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload) }
  } catch {
    return {
      fault:
        '이 바이트는 UTF-8이 아니어서 브라우저가 텍스트로 보내지 못합니다. 바이너리로 보내거나 원시 클라이언트를 쓰십시오.',
    }
  }
}

/** `close()` takes 1000 and 3000–4999, and a reason of 123 bytes (WebSockets Standard). */
function scriptClose(
  closeCode: string,
  reason: string,
): { readonly close: readonly [code?: number, reason?: string] } | DraftFault {
  const code = wholeNumber(closeCode, 0, 0xffff)
  if (code === undefined) return { close: [] }
  if (code === 'bad' || !scriptMayClose(code))
    return {
      fault:
        '브라우저의 close()는 1000과 3000–4999만 받습니다. 다른 코드는 원시 클라이언트로 보낼 수 있습니다.',
    }
  if (new TextEncoder().encode(reason).length > 123)
    return { fault: '종료 이유는 UTF-8로 123바이트까지입니다.' }
  return { close: [code, reason] }
}

/** What a legal Close would say of this code, for a word beside the field; empty when nothing is wrong. */
export function closeCodeWarning(closeCode: string): string {
  const code = wholeNumber(closeCode, 0, 0xffff)
  return typeof code === 'number' && closeCodeRule(code) ? '종료 프레임에 실을 수 없는 코드입니다' : ''
}

const KIND_OPCODES: Readonly<Record<DraftKind, ControlOpcode | DataOpcode>> = {
  text: OPCODES.text,
  binary: OPCODES.binary,
  ping: OPCODES.ping,
  pong: OPCODES.pong,
  close: OPCODES.close,
  bytes: OPCODES.binary,
}

/** Largest length each form can hold (RFC 6455 §5.2). */
const LONGEST = { 7: 125, 16: 0xffff, 64: 0xffff_ffff_ffff_ffffn } as const

function wholeNumber(text: string, least: number, most: number): number | undefined | 'bad' {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const number = /^0x[0-9a-f]+$/i.test(trimmed) || /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN
  return number >= least && number <= most ? number : 'bad'
}

function declaredOf(text: string): bigint | undefined | 'bad' {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (!/^\d{1,20}$/.test(trimmed)) return 'bad'
  const length = BigInt(trimmed)
  return length <= LONGEST[64] ? length : 'bad'
}

function cutsOf(text: string, length: number): number[] | 'bad' {
  const cuts = text.split(/[\s,]+/).filter(Boolean)
  const numbers = cuts.map(cut => (/^\d+$/.test(cut) ? Number(cut) : Number.NaN))
  const ascending = numbers.every((cut, index) => cut <= length && cut >= (numbers[index - 1] ?? 0))
  return ascending && numbers.length <= MAX_CUTS ? numbers : 'bad'
}

/** Most cuts of one message. */
const MAX_CUTS = 1000
