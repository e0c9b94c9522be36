import { OPCODES } from '#protocol/opcodes.ts'
import type { CapturedConnection } from './captured-connection.ts'

/** A server that fell silent, and the page that noticed. Times are microseconds of the session's clock. */
export interface Silence {
  /** Messages of the server before it fell silent. */
  readonly answers: number
  /** When it was heard last. */
  readonly since: number
  /** Messages of the page after that, which nobody answered. */
  readonly unanswered: number
  /** When the page called `close()`; undefined while it has not. */
  readonly noticedAt: number | undefined
}

/** What a connection shows of a silence; undefined before the server has said anything, and when it said that it closes. */
export function silenceOf({ items, script, endings }: CapturedConnection): Silence | undefined {
  const noticedAt = script.find(({ what }) => what === 'close()')?.at
  const before = items.flatMap(item =>
    item.kind === 'frame' && item.at <= (noticedAt ?? Infinity) ? [item] : [],
  )
  const saidGoodbye =
    before.some(({ from, frame }) => from === 'server' && frame.opcode === OPCODES.close) ||
    endings.some(({ how, at }) => how === 'server-fin' && at <= (noticedAt ?? Infinity))
  const messages = before.filter(({ message }) => message !== undefined)
  const heard = messages.filter(({ from }) => from === 'server')
  const since = heard.at(-1)?.at
  if (since === undefined || saidGoodbye) return undefined
  const unanswered = messages.filter(({ from, at }) => from === 'client' && at > since).length
  return { answers: heard.length, since, unanswered, noticedAt }
}
