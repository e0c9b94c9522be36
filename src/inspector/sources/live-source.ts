import type { Role } from '#protocol/role.ts'
import type { Absence } from '../../sandbox/absence.ts'
import type { CapturedConnection } from '../../wire/captured-connection.ts'
import type { LabState } from '../../wire/lab-session.ts'
import type { Player } from './player.ts'

/** Who speaks in a live connection: the browser's own WebSocket, or an end that the reader plays. */
export const SOURCE_KINDS = ['browser', 'raw', 'server'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

/** What the browser told JavaScript at the end. */
export interface ToldAtClose {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** A live connection to the sandbox, whoever speaks in it. */
export interface LiveSource {
  readonly kind: SourceKind
  /** Whose frames the reader writes. */
  readonly role: Role
  readonly state: LabState
  readonly absence: Absence | undefined
  readonly connection: CapturedConnection | undefined
  /** All of them, where there are several at once; `connection` is one of these. */
  readonly connections?: readonly CapturedConnection[]
  /** The end that the reader plays; undefined where the browser speaks. */
  readonly player: Player | undefined
  /** What a script would know; undefined where no script's WebSocket is part of it. */
  readonly script:
    | {
        readonly openedIn: number | undefined
        readonly bufferedAmount: number
        readonly closed: ToldAtClose | undefined
        send(data: string | Uint8Array<ArrayBuffer>): void
        close(code?: number, reason?: string): void
      }
    | undefined
  dispose(): void
}
