import { parseClosePayload } from '#protocol/close-payload.ts'
import type { Frame } from '#protocol/frame.ts'
import { hexOf } from '#protocol/hex.ts'
import { OPCODES, opcodeInfo } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import { decodeUtf8 } from '#protocol/utf8.ts'

/** Most characters of text, and most bytes of hex, that a line shows. */
const MAX_TEXT = 40
const MAX_HEX = 16

/**
 * A frame in one line, for logs and test failures: sender, opcode, flags, length and the beginning of the
 * payload, as in `client text fin mask len=6 “안녕”`. What is cut off is said: `… +12 bytes`.
 */
export function describeFrame(frame: Frame, sender: Role): string {
  const { name, reserved, code } = opcodeInfo(frame.opcode)
  const words = [
    sender,
    reserved ? `reserved-0x${code.toString(16)}` : name,
    frame.fin && 'fin',
    frame.rsv1 && 'rsv1',
    frame.rsv2 && 'rsv2',
    frame.rsv3 && 'rsv3',
    frame.masked && 'mask',
    `len=${frame.payloadLength}`,
    content(frame),
  ]
  return words.filter(word => word !== false && word !== '').join(' ')
}

function content(frame: Frame): string {
  const { payload, opcode } = frame
  if (opcode === OPCODES.close) {
    const { code, reason } = parseClosePayload(payload)
    return [code, reason && `“${reason}”`].filter(part => part !== undefined && part !== '').join(' ')
  }
  if (opcode === OPCODES.text && !frame.rsv1) return quote(payload)
  const more = payload.length - MAX_HEX
  return hexOf(payload.subarray(0, MAX_HEX)) + (more > 0 ? ` … +${more} bytes` : '')
}

function quote(payload: Uint8Array): string {
  // Four bytes hold any character, and one that the cut splits is not shown.
  const text = Array.from(decodeUtf8(payload.subarray(0, 4 * MAX_TEXT + 4)))
  if (text.length <= MAX_TEXT && payload.length <= 4 * MAX_TEXT + 4) return `“${text.join('')}”`
  const shown = text.slice(0, MAX_TEXT).join('')
  return `“${shown}” … +${payload.length - new TextEncoder().encode(shown).length} bytes`
}
