/** From 1000 on. */
const WORDS: readonly (readonly [label: string, meaning: string])[] = [
  ['정상 종료', '연결의 목적을 다 이루었습니다.'],
  ['자리를 떠남', '서버가 내려가거나 브라우저가 다른 페이지로 떠났습니다.'],
  ['프로토콜 오류', '상대가 프로토콜의 규칙을 어겨서 연결을 끝냅니다.'],
  ['지원하지 않는 데이터', '받아들일 수 없는 종류의 데이터를 받았습니다.'],
  ['예약됨', '뜻이 정해지지 않은 예약 코드라서 보낼 수 없습니다.'],
  ['코드 없음', '받은 종료 프레임에 코드가 없었다는 뜻으로, 프로그램 안에서만 씁니다.'],
  ['비정상 종료', '종료 프레임을 받지 못한 채 연결이 끊겼다는 뜻으로, 프로그램 안에서만 씁니다.'],
  ['내용 오류', '메시지의 내용이 종류와 맞지 않습니다. 텍스트가 UTF-8이 아닐 때가 그렇습니다.'],
  ['정책 위반', '메시지가 이쪽의 정책에 어긋납니다. 더 알맞은 코드가 없을 때 씁니다.'],
  ['너무 큰 메시지', '처리할 수 있는 크기를 넘는 메시지를 받았습니다.'],
  ['필수 확장 없음', '서버가 응답에 넣었어야 할 확장이 없어서 클라이언트가 끝냅니다.'],
  ['내부 오류', '예상하지 못한 상황 때문에 요청을 처리하지 못했습니다.'],
  ['서비스 재시작', '서비스가 다시 시작됩니다.'],
  ['나중에 다시', '서비스가 과부하 상태이므로 나중에 다시 연결해야 합니다.'],
  ['게이트웨이 오류', '게이트웨이가 뒤쪽 서버에서 잘못된 응답을 받았습니다.'],
  ['TLS 실패', 'TLS 핸드셰이크가 실패했다는 뜻으로, 프로그램 안에서만 씁니다.'],
]

/** What a close code is called and what it means; any 16-bit number has words, its own or those of its range. */
export function closeCodeWords(code: number): { readonly label: string; readonly meaning: string } {
  const [label, meaning] = WORDS[code - 1000] ?? rangeWords(code)
  return { label, meaning }
}

function rangeWords(code: number): readonly [label: string, meaning: string] {
  if (code < 1000 || code >= 5000) return ['쓰지 않는 범위', '어떤 종료 프레임에도 쓰지 않는 범위입니다.']
  if (code < 3000) return ['정의되지 않음', '프로토콜과 확장을 위해 예약되었지만 아직 뜻이 없습니다.']
  return code < 4000
    ? ['라이브러리용', 'IANA에 등록하고 쓰는 라이브러리와 프레임워크의 코드입니다.']
    : ['애플리케이션용', '애플리케이션끼리 약속하고 쓰는 코드입니다.']
}
