import type { FrameHead } from './frame.ts'
import { OPCODES } from './opcodes.ts'
import type { Role } from './role.ts'
import { violationOf, type Violation } from './violation.ts'

/** What a frame's legality depends on besides itself: what its sender sent before. */
export interface FrameContext {
  /** A message was begun and not finished (§5.4). */
  readonly messageOpen: boolean
  /** A Close frame was sent (§5.5.1). */
  readonly closed: boolean
  /** permessage-deflate is in use: RSV1 has a meaning (RFC 7692 §6). */
  readonly deflate: boolean
  /** `Frame.maskingWord` of the frame before. */
  readonly lastKey: number | undefined
}

/** Where each direction starts. */
export const FIRST_FRAME: FrameContext = {
  messageOpen: false,
  closed: false,
  deflate: false,
  lastKey: undefined,
}

/** Moves a context on, past this frame. */
export function advance(
  context: { -readonly [Key in keyof FrameContext]: FrameContext[Key] },
  frame: FrameHead,
): void {
  const { opcode } = frame
  if (opcode < 8) context.messageOpen = !frame.fin
  else if (opcode === OPCODES.close) context.closed = true
  context.lastKey = frame.maskingWord
}

/**
 * Every rule about single frames and their order that this one breaks (RFC 6455 §5), in order of offset. What the
 * payload says is judged when the message is put together (`message.ts`).
 */
export function checkFrame(frame: FrameHead, sender: Role, context: FrameContext): Violation[] {
  const { opcode, offset } = frame
  const broken: Violation[] = []
  const control = opcode >= 8
  const rsv1Allowed = context.deflate && opcode < 8

  if (frame.rsv2 || frame.rsv3 || (frame.rsv1 && !rsv1Allowed))
    broken.push(
      frame.rsv1 && context.deflate && !frame.rsv2 && !frame.rsv3
        ? violationOf('deflate-first-frame', sender, offset)
        : violationOf('reserved-bits', sender, offset),
    )
  else if (frame.rsv1 && opcode === OPCODES.continuation)
    broken.push(violationOf('deflate-first-frame', sender, offset))

  if (opcode > OPCODES.pong || (opcode > OPCODES.binary && !control))
    broken.push(violationOf('reserved-opcode', sender, offset))
  else if (opcode === OPCODES.continuation) {
    if (!context.messageOpen) broken.push(violationOf('continuation-of-nothing', sender, offset))
  } else if (!control && context.messageOpen) broken.push(violationOf('message-interleaved', sender, offset))

  if (control) {
    if (!frame.fin) broken.push(violationOf('control-unfragmented', sender, offset))
    if (frame.payloadLength > 125) broken.push(violationOf('control-length', sender, offset + 1))
  }
  if (context.closed) {
    if (opcode === OPCODES.close) broken.push(violationOf('close-once', sender, offset))
    else if (!control) broken.push(violationOf('data-after-close', sender, offset))
  }
  if (frame.masked !== (sender === 'client'))
    broken.push(violationOf(sender === 'client' ? 'client-masks' : 'server-never-masks', sender, offset + 1))
  if (
    (frame.lengthForm === 16 && frame.payloadLength < 126) ||
    (frame.lengthForm === 64 && frame.payloadLength < 0x10000)
  )
    broken.push(violationOf('length-minimal', sender, offset + 1))
  if (sender === 'client' && frame.masked && frame.maskingWord === context.lastKey)
    broken.push(violationOf('masking-key-fresh', sender, offset + frame.headLength - 4))
  return broken
}
