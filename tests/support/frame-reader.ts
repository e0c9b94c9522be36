/** A frame as an independent reader of RFC 6455 §5.2 sees it, with no help from the code under test. */
export interface ReadFrame {
  readonly fin: boolean
  readonly opcode: number
  readonly masked: boolean
  readonly payload: Buffer
  /** All of it, as it crossed. */
  readonly wire: Buffer
}

/** The whole frames that bytes begin with. */
export function readFrames(bytes: Buffer): ReadFrame[] {
  const frames: ReadFrame[] = []
  let rest = bytes
  for (;;) {
    const frame = readFrame(rest)
    if (!frame) return frames
    frames.push(frame)
    rest = rest.subarray(frame.wire.length)
  }
}

/** The whole frames behind the head that a direction begins with. */
export function framesBehindHead(direction: Buffer): ReadFrame[] {
  const end = direction.indexOf('\r\n\r\n')
  return end < 0 ? [] : readFrames(direction.subarray(end + 4))
}

function readFrame(bytes: Buffer): ReadFrame | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0
  const masked = bytes.readUInt8(1) >= 0x80
  const head = 2 + extended + (masked ? 4 : 0)
  if (bytes.length < head) return undefined
  const length =
    extended === 8 ? Number(bytes.readBigUInt64BE(2)) : extended === 2 ? bytes.readUInt16BE(2) : short
  if (bytes.length < head + length) return undefined
  const key = masked ? bytes.subarray(head - 4, head) : Buffer.alloc(4)
  return {
    fin: bytes.readUInt8(0) >= 0x80,
    opcode: bytes.readUInt8(0) & 0x0f,
    masked,
    payload: Buffer.from(
      bytes.subarray(head, head + length).map((byte, index) => byte ^ key.readUInt8(index % 4)),
    ),
    wire: bytes.subarray(0, head + length),
  }
}
