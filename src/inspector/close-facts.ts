import { closeCodeWords } from '#words/ko/close-codes.ts'
import type { Role } from '#protocol/role.ts'
import type { RecordedEnding } from '#recording/recording.ts'
import type { CloseSaid, ConnectionStats } from './connection-stats.ts'
import { sideName } from './item-words.ts'

/** How a connection ended, by what crossed. */
export interface CloseFacts {
  /** One line: who began, with what, whether it was clean. */
  readonly verdict: string
  readonly said: readonly CloseLine[]
  /** Ends of the socket in their order, in words. */
  readonly socket: readonly { readonly at: number; readonly words: string }[]
}

/** One side's Close frame in words. */
export interface CloseLine {
  readonly by: Role
  readonly at: number
  readonly code: number | undefined
  readonly label: string
  readonly meaning: string
  readonly reason: string
}

const ENDING_WORDS: Readonly<Record<RecordedEnding['how'], string>> = {
  'client-fin': '클라이언트의 FIN',
  'server-fin': '서버의 FIN',
  reset: '클라이언트의 RST',
  destroyed: '샌드박스가 소켓을 버림',
  closed: '소켓이 닫힘',
}

/** Undefined while nothing of the end has crossed. */
export function closeFacts(
  stats: ConnectionStats,
  endings: readonly RecordedEnding[],
): CloseFacts | undefined {
  const { client, server } = stats.closes
  const said = [client && lineOf('client', client), server && lineOf('server', server)]
    .filter(line => line !== undefined)
    .toSorted((a, b) => a.at - b.at)
  if (said.length === 0 && endings.length === 0) return undefined
  const socket = endings.map(({ at, how }) => ({ at, words: ENDING_WORDS[how] }))
  return { verdict: verdictOf(said, stats.firstClose, endings), said, socket }
}

function lineOf(by: Role, { code, reason, at }: CloseSaid): CloseLine {
  const { label, meaning } = closeCodeWords(code ?? 1005)
  return { by, at, code, label, meaning, reason }
}

function verdictOf(
  said: readonly CloseLine[],
  first: Role | undefined,
  endings: readonly RecordedEnding[],
): string {
  const isReset = endings.some(({ how }) => how === 'reset' || how === 'destroyed')
  const over = endings.some(({ how }) => how === 'closed')
  if (first === undefined)
    return isReset ? '종료 프레임 없이 연결이 끊겼습니다.' : '종료 프레임 없이 TCP 연결이 닫혔습니다.'
  const began = `${sideName(first)}가 종료 핸드셰이크를 시작했습니다`
  if (said.length === 2)
    return isReset
      ? `${began}. 양쪽이 종료 프레임을 보냈지만 TCP는 한순간에 끊겼습니다.`
      : `${began}. 양쪽이 종료 프레임을 보내 깨끗하게 끝났습니다.`
  return over
    ? `${began}. 상대의 종료 프레임이 오지 않은 채 끝났습니다.`
    : `${began}. 상대의 종료 프레임을 기다립니다.`
}
