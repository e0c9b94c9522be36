import type { AddressChange, AddressTrouble } from '../../../wire/ws-address.ts'
import type { Outcome } from './try-address.ts'

/** What each of these does to an address, in one sentence. */
export const CHANGE_WORDS: Readonly<Record<AddressChange, string>> = {
  relative: '스킴이 없으므로 이 페이지의 주소를 기준으로 채웁니다.',
  http: 'http를 ws로 바꿉니다.',
  https: 'https를 wss로 바꿉니다.',
  'default-port': '포트를 적지 않았으므로 스킴의 기본 포트를 씁니다.',
  path: '경로가 없으므로 / 로 채웁니다.',
}

export const TROUBLE_WORDS: Readonly<Record<AddressTrouble, string>> = {
  unreadable: '주소로 읽을 수 없습니다. 생성자가 SyntaxError를 던집니다.',
  scheme: '스킴이 ws, wss, http, https 가운데 하나가 아닙니다. 생성자가 SyntaxError를 던집니다.',
  fragment: '# 뒤의 프래그먼트는 웹소켓 주소에 쓸 수 없습니다. 생성자가 SyntaxError를 던집니다.',
  port: '다른 프로토콜의 포트라서 브라우저가 막습니다. 아무것도 보내지 않고 실패합니다.',
  'mixed-content':
    'https 페이지에서 암호화하지 않은 주소를 열려고 합니다. 혼합 콘텐츠라서 브라우저가 막습니다.',
}

export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'thrown':
      return `생성자가 ${outcome.name}을(를) 던졌습니다. 보낸 것은 없습니다.`
    case 'open':
      return `${outcome.ms.toFixed(1)} ms 만에 열렸습니다. socket.url은 ${outcome.url} 입니다.`
    case 'closed':
      return `열리지 않았습니다. ${outcome.ms.toFixed(1)} ms 만에 close 이벤트가 왔고 코드는 ${outcome.code}입니다.`
    case 'silent':
      return `${(outcome.ms / 1000).toFixed(0)}초 동안 열리지도 닫히지도 않아 그만두었습니다.`
  }
}
