import { parseClosePayload, type ClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import type { RecordedEnding } from '#recording/recording.ts'
import type { CapturedConnection } from './captured-connection.ts'
import { toldAtClose, type ToldAtClose } from './told-at-close.ts'

/** How a connection ended, place by place. */
export interface ClosingAccount {
  /** What each side's first Close frame said. */
  readonly client: ClosePayload | undefined
  readonly server: ClosePayload | undefined
  /** Who said Close first. */
  readonly first: Role | undefined
  /** Ends of the socket in their order. */
  readonly socket: readonly Exclude<RecordedEnding['how'], 'closed'>[]
  /** The socket is closed: nothing more can come. */
  readonly over: boolean
  /** A browser's WebSocket took part. */
  readonly hasScript: boolean
  /** What its `close` event said, once there was one. */
  readonly told: ToldAtClose | undefined
}

/** Puts together what is known of a connection's end, now or so far. */
export function closingAccount(connection: CapturedConnection): ClosingAccount {
  const closes = connection.items.flatMap(item =>
    item.kind === 'frame' && item.frame.opcode === OPCODES.close ? [item] : [],
  )
  const saidBy = (role: Role) => {
    const frame = closes.find(({ from }) => from === role)?.frame
    return frame && parseClosePayload(frame.payload)
  }
  const hows = connection.endings.map(({ how }) => how)
  const close = connection.script.find(({ what }) => what === 'close')
  return {
    client: saidBy('client'),
    server: saidBy('server'),
    first: closes[0]?.from,
    socket: hows.filter(how => how !== 'closed'),
    over: hows.includes('closed'),
    hasScript: connection.script.length > 0,
    told: close && toldAtClose(close.detail),
  }
}
