/** One thing that a raw client tries, and what must come of it. */
export interface Case {
  /** Its name in lists; unique in its chapter. */
  readonly id: string
  /** What must be so, in words. */
  readonly sentence: string
  /** Where that is written: a section of RFC 6455, or of another RFC that is named. */
  readonly section: string
  /** What the client writes after the handshake, in order. The runner adds `PROBE` at the end. */
  readonly steps: readonly Step[]
  readonly answer: Answer
  /** Written in one with the request, before there is an answer to it. */
  readonly early?: Uint8Array
  /** `Sec-WebSocket-Extensions` of the request; with it the case is played on the lab that compresses. */
  readonly offer?: string
  /** What the answer must agree on; '' is nothing. */
  readonly agreed?: RegExp | ''
  /** What comes behind the steps in the probe's place: the client ends its half, or it waits for the server. */
  readonly last?: 'fin' | 'nothing'
}

/** Bytes for one write, or an event to wait for before the next write. */
export type Step = Uint8Array | { readonly until: Event }

/** What the client is told by the server's frames. */
export interface Event {
  readonly kind: 'text' | 'binary' | 'pong'
  readonly payload: Uint8Array
}

/** How it ends. */
export type End =
  /** The server finds nothing wrong: it answers the probe, a text and a Close. */
  | { readonly how: 'open' }
  /** It answers the case's own Close, and nothing behind that. Codes: which may be in it, the best first. */
  | { readonly how: 'closed'; readonly codes: readonly CloseCode[]; readonly reason?: string }
  /** It fails the connection, and looks at nothing behind that. */
  | { readonly how: 'failed'; readonly codes: readonly CloseCode[] }
  /** It ends TCP, as its client did, with a Close or without one. */
  | { readonly how: 'gone' }

/** `none`: a Close without a code. */
export type CloseCode = number | 'none'

export interface Answer {
  readonly events: readonly Event[]
  readonly end: End
  /** What the RFC allows as well. The sandbox does the first. */
  readonly or?: Answer
}

/** The rows of one part of the table. */
export interface Chapter {
  readonly title: string
  readonly cases: readonly Case[]
}

/** A row: id, section, sentence, what is written, what must come of it. */
export function row(
  id: string,
  section: string,
  sentence: string,
  steps: Step | readonly Step[],
  answer: Answer,
  more: Pick<Case, 'early' | 'offer' | 'agreed' | 'last'> = {},
): Case {
  return { id, section, sentence, steps: [steps].flat(), answer, ...more }
}

export function text(payload: string | Uint8Array): Event {
  return { kind: 'text', payload: bytesOf(payload) }
}

export function binary(payload: string | Uint8Array): Event {
  return { kind: 'binary', payload: bytesOf(payload) }
}

export function pong(payload: string | Uint8Array = ''): Event {
  return { kind: 'pong', payload: bytesOf(payload) }
}

/** These come back, and the connection lives. */
export function answers(...events: readonly Event[]): Answer {
  return { events, end: { how: 'open' } }
}

/** These come back, then the connection fails with the first of the codes, or another of them, or without a Close. */
export function fails(code: number | readonly number[], ...events: readonly Event[]): Answer {
  return { events, end: { how: 'failed', codes: [code].flat() } }
}

/** These come back, then a Close with that code, "typically" (§5.5.1); one of 1000 or without a code is as good. */
export function closes(code: CloseCode, reason = '', ...events: readonly Event[]): Answer {
  return { events, end: { how: 'closed', codes: [code, 1000, 'none'], reason } }
}

/** The client has ended, and so does the server, after these. */
export function goes(...events: readonly Event[]): Answer {
  return { events, end: { how: 'gone' } }
}

/** The first, or what else the RFC leaves free. */
export function either(first: Answer, or: Answer): Answer {
  return { ...first, or }
}

export function until(event: Event): Step {
  return { until: event }
}

export function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload
}

/** Bytes from their hex, spaces ignored. */
export function hex(digits: string): Uint8Array {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex')
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

/** A payload of this length that says where in it one is. */
export function counted(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => 0x20 + (i % 95))
}

/** Bytes as several writes, cut at these offsets. */
export function cut(bytes: Uint8Array, ...offsets: readonly number[]): Uint8Array[] {
  return [0, ...offsets].map((from, i) => bytes.subarray(from, offsets[i]))
}

/** Bytes, each in a write of its own. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, byte => Uint8Array.of(byte))
}
