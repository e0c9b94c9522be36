import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { TraceItem } from '#protocol/trace.ts'

const utf8 = new TextDecoder()
const latin1 = new TextDecoder('latin1')

/**
 * What a reader could search for in an item: the text of a message at the frame that completes it (inflated when it was
 * compressed), else of the frame; code and reason of a Close; a head as it was sent.
 */
export function itemText(item: TraceItem): string {
  switch (item.kind) {
    case 'request':
    case 'response':
      return latin1.decode(item.head.bytes)
    case 'body':
    case 'fault':
      return latin1.decode(item.bytes)
    case 'frame': {
      const { frame, message } = item
      if (message?.text !== undefined) return message.text
      if (frame.opcode !== OPCODES.close) return utf8.decode(frame.payload)
      const { code, reason } = parseClosePayload(frame.payload)
      return code === undefined ? '' : `${code} ${reason}`
    }
  }
}
