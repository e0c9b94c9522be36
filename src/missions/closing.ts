import { closingAccount } from '../wire/closing-account.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** Codes that a server says when its client breaks a rule, by the rule: framing, text, size. */
const VERDICTS = [1002, 1007, 1009]

/** A server said each of the three of its own accord, to a client that no browser played. */
export const serverVerdicts: Mission = connections => {
  const heard = connections.filter(({ script }) => script.length === 0).map(closingAccount)
  const codes = new Set(heard.map(({ first, server }) => (first === 'server' ? server?.code : undefined)))
  const missing = VERDICTS.filter(code => !codes.has(code))
  if (missing.length === 0) return PASSED
  if (missing.length < VERDICTS.length)
    return { passed: false, near: `아직 듣지 못한 코드: ${missing.join(', ')}` }
  const last = heard.at(-1)
  if (last?.server && last.first === 'client')
    return { passed: false, near: '먼저 인사한 것은 클라이언트입니다. 서버는 그 코드를 되돌렸습니다.' }
  if (last?.server?.code !== undefined)
    return { passed: false, near: `서버의 종료 프레임에 실린 코드는 ${last.server.code}입니다.` }
  return NOT_YET
}

/** JavaScript was told 1006, and not one Close frame had crossed an open connection. */
export const silent1006: Mission = connections => {
  const told = connections.filter(({ script }) => script.some(({ what }) => what === 'close'))
  const accounts = told.map(connection => ({
    ...closingAccount(connection),
    opened: connection.script.some(({ what }) => what === 'open'),
  }))
  // What crossed may be told later than what JavaScript heard: only a closed socket says that this was all.
  const isSilent = ({ client, server, over }: (typeof accounts)[number]) => over && !client && !server
  if (accounts.some(each => each.opened && each.told?.code === 1006 && isSilent(each))) return PASSED
  const last = accounts.at(-1)
  if (last?.told === undefined || !last.over) return NOT_YET
  if (last.told.code !== 1006)
    return { passed: false, near: `자바스크립트가 들은 코드는 ${last.told.code}입니다.` }
  if (!last.opened)
    return { passed: false, near: '열리지 못한 연결도 1006이지만, 이번에는 열린 연결이어야 합니다.' }
  const by = last.server ? '서버가' : '브라우저가'
  return { passed: false, near: `1006은 맞지만 ${by} 종료 프레임을 보냈습니다.` }
}
