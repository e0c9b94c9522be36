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
/** Opcodes of the frames that carry messages, and of those that carry word about the connection (§5.5, §5.6). */
export type DataOpcode = (typeof OPCODES)['continuation' | 'text' | 'binary']
export type ControlOpcode = (typeof OPCODES)['close' | 'ping' | 'pong']

/** What the four bits of an opcode say. */
export interface OpcodeInfo {
  /** 0–15. */
  readonly code: number
  readonly name: OpcodeName | 'reserved'
  /** True for 8–15: control frames, reserved ones included. */
  readonly control: boolean
  /** True for 3–7 and 11–15: no meaning yet, so a receiver must fail the connection. */
  readonly reserved: boolean
  /** Section that defines it, ready to show. */
  readonly section: string
}

const TABLE: Readonly<Record<number, readonly [name: OpcodeName, section: string]>> = {
  [OPCODES.continuation]: ['continuation', '5.4'],
  [OPCODES.text]: ['text', '5.6'],
  [OPCODES.binary]: ['binary', '5.6'],
  [OPCODES.close]: ['close', '5.5.1'],
  [OPCODES.ping]: ['ping', '5.5.2'],
  [OPCODES.pong]: ['pong', '5.5.3'],
}

/** Looks an opcode up; only its low four bits count. */
export function opcodeInfo(opcode: number): OpcodeInfo {
  const code = opcode & 0xf
  const [name, section] = TABLE[code] ?? (['reserved', '5.2'] as const)
  return { code, name, control: code >= 8, reserved: name === 'reserved', section: `RFC 6455 §${section}` }
}
