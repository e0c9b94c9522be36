/** The six opcodes with a meaning (RFC 6455 §5.2, §11.8). */
export const OPCODES = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const
export type OpcodeName = keyof typeof OPCODES
/** An opcode that a frame may have. */
export type Opcode = (typeof OPCODES)[OpcodeName]

/** What the four bits of an opcode say. */
export interface OpcodeInfo {
  /** 0–15. */
  readonly code: number
  readonly name: OpcodeName | 'reserved'
  /** Korean label. */
  readonly label: string
  /** True for 8–15: control frames, reserved ones included. */
  readonly control: boolean
  /** True for 3–7 and 11–15: no meaning yet, so a receiver must fail the connection. */
  readonly reserved: boolean
  /** Section that defines it, ready to show. */
  readonly section: string
}

const TABLE: Readonly<Record<number, readonly [name: OpcodeName, label: string, section: string]>> = {
  [OPCODES.continuation]: ['continuation', '이어지는 프레임', '5.4'],
  [OPCODES.text]: ['text', '텍스트', '5.6'],
  [OPCODES.binary]: ['binary', '바이너리', '5.6'],
  [OPCODES.close]: ['close', '종료', '5.5.1'],
  [OPCODES.ping]: ['ping', '핑', '5.5.2'],
  [OPCODES.pong]: ['pong', '퐁', '5.5.3'],
}

/** Looks an opcode up; only its low four bits count. */
export function opcodeInfo(opcode: number): OpcodeInfo {
  const code = opcode & 0xf
  const [name, label, section] = TABLE[code] ?? (['reserved', '예약됨', '5.2'] as const)
  return {
    code,
    name,
    label,
    control: code >= 8,
    reserved: name === 'reserved',
    section: `RFC 6455 §${section}`,
  }
}
