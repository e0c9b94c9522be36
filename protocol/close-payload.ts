import { decodeUtf8, firstBadUtf8 } from './utf8.ts'
import type { FrameRuleId } from './frame-rule-facts.ts'

/** What the payload of a Close frame says (RFC 6455 §5.5.1). */
export interface ClosePayload {
  /** 0–65535; absent when there is no payload, or half a code. */
  readonly code?: number
  /** Text after the code; bad UTF-8 shows as U+FFFD. */
  readonly reason: string
  /** The rule it breaks and the payload byte where that shows, if any. */
  readonly fault?: { readonly rule: FrameRuleId; readonly at: number }
}

/** Reads the unmasked payload of a Close frame. Never throws: what is wrong comes back as `fault`. */
export function parseClosePayload(payload: Uint8Array): ClosePayload {
  const [high, low] = payload
  if (high === undefined) return { reason: '' }
  if (low === undefined) return { reason: '', fault: { rule: 'close-one-byte', at: 0 } }
  const code = (high << 8) | low
  const text = payload.subarray(2)
  const reason = decodeUtf8(text)
  const rule = closeCodeRule(code)
  if (rule) return { code, reason, fault: { rule, at: 0 } }
  const bad = firstBadUtf8(text)
  return bad < 0
    ? { code, reason }
    : { code, reason, fault: { rule: 'close-reason-utf8', at: Math.min(2 + bad, payload.length - 1) } }
}

/** Which rule a code in a Close frame breaks, if any (RFC 6455 §7.4; codes of the IANA registry are defined). */
export function closeCodeRule(code: number): FrameRuleId | undefined {
  if (code < 1000 || code >= 5000) return 'close-code-range'
  if (code === 1004 || code === 1005 || code === 1006 || code === 1015) return 'close-code-never-sent'
  return code > 1014 && code < 3000 ? 'close-code-undefined' : undefined
}

/**
 * Writes the payload of a Close frame; any 16-bit code, legal or not. Without a code there is no reason either.
 * A reason longer than 123 bytes makes a frame that breaks §5.5.
 */
export function encodeClosePayload(code?: number, reason = ''): Uint8Array<ArrayBuffer> {
  if (code === undefined) return new Uint8Array(0)
  const text = new TextEncoder().encode(reason)
  const payload = new Uint8Array(2 + text.length)
  payload[0] = code >> 8
  payload[1] = code
  payload.set(text, 2)
  return payload
}
