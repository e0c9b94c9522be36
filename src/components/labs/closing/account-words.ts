import { closeCodeWords } from '#words/ko/close-codes.ts'
import type { ClosePayload } from '#protocol/close-payload.ts'
import type { ClosingAccount } from '../../../wire/closing-account.ts'
import { quotedText } from '../../../wire/visible-text.ts'

/** A Close frame in a few words: its code and what that is called. */
export function closeWords({ code, reason }: ClosePayload): string {
  if (code === undefined) return '코드 없음'
  return `${code} ${closeCodeWords(code).label}${reason === '' ? '' : ` ${quotedText(reason)}`}`
}

const SOCKET_WORDS: Readonly<Record<ClosingAccount['socket'][number], string>> = {
  'client-fin': '클라이언트의 FIN',
  'server-fin': '서버의 FIN',
  reset: '클라이언트의 RST',
  destroyed: '서버가 소켓을 버림',
}

/** The ends of the socket in their order. */
export function socketWords({ socket, over }: ClosingAccount): string {
  if (socket.length === 0) return over ? '닫힘' : '열려 있음'
  return socket.map(how => SOCKET_WORDS[how]).join(', ')
}

/** What JavaScript heard. */
export function toldWords({ hasScript, told, over }: ClosingAccount): string {
  if (!hasScript) return '스크립트가 없음'
  if (told === undefined) return over ? '아무것도 듣지 못함' : '아직'
  return [`code ${told.code}`, told.reason, `wasClean ${told.wasClean}`]
    .filter(part => part !== '')
    .join(' · ')
}

/** Who ended it and how, in a line. */
export function beginningWords(account: ClosingAccount): string {
  const { first, socket } = account
  const close = first && account[first]
  if (first !== undefined && close)
    return `${first === 'client' ? '클라이언트' : '서버'}의 종료 프레임, ${close.code ?? '코드 없음'}`
  const [end] = socket
  return end === undefined ? '아직 끝나지 않음' : `종료 프레임 없이 ${SOCKET_WORDS[end]}`
}

/** What came of it for whoever was at the other end, in a line. */
export function outcomeWords(account: ClosingAccount): string {
  const { hasScript, server } = account
  return !hasScript && server ? `서버의 답 ${server.code ?? '코드 없음'}` : toldWords(account)
}
