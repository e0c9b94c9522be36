import type { Answers, Question, Reason, Way } from './decide.ts'

type Answer<Q extends Question> = NonNullable<Answers[Q]>

/** Each question and its answers. */
export const QUESTION_WORDS: {
  readonly [Q in Question]: {
    readonly asks: string
    readonly answers: Readonly<Record<Answer<Q>, string>>
  }
} = {
  first: {
    asks: '누가 먼저 말을 꺼냅니까?',
    answers: {
      client: '언제나 클라이언트입니다',
      server: '서버가 소식을 알리고, 클라이언트는 받기만 합니다',
      both: '양쪽 모두 말을 꺼냅니다',
    },
  },
  late: {
    asks: '소식이 얼마나 늦어도 됩니까?',
    answers: {
      minutes: '몇 분 늦어도 됩니다',
      seconds: '몇 초까지는 괜찮습니다',
      now: '생기는 대로 닿아야 합니다',
    },
  },
  road: {
    asks: '연결이 지나는 길은 어떻습니까?',
    answers: {
      open: '막는 것이 없습니다',
      'no-upgrade': '길목의 장비가 Upgrade를 지우거나 막습니다',
      'no-stream': '길목의 장비가 응답이 끝날 때까지 모아 둡니다',
      'no-hold': '서버가 연결을 오래 붙들 수 없습니다',
    },
  },
  often: {
    asks: '클라이언트도 자주 말합니까?',
    answers: { rarely: '가끔 한 번씩입니다', often: '1초에도 여러 번입니다' },
  },
  loss: {
    asks: '늦게 온 것은 버려도 됩니까?',
    answers: { no: '빠짐없이 차례대로 와야 합니다', yes: '최신 것만 있으면 됩니다' },
  },
}

/** Each way, and what to keep in mind with it. */
export const WAY_WORDS: Readonly<Record<Way, { readonly name: string; readonly mind: string }>> = {
  request: {
    name: '보통의 HTTP 요청',
    mind: '캐시, 재시도, 로드 밸런싱이 이미 갖추어져 있습니다. 새로 붙들 연결이 없습니다.',
  },
  polling: {
    name: '폴링',
    mind: '간격이 곧 지연입니다. 바뀐 것이 없을 때 304로 답하면 비용이 더 줄어듭니다.',
  },
  'long-polling': {
    name: '롱 폴링',
    mind: '사건마다 헤더의 비용을 냅니다. 클라이언트의 말은 보통의 요청으로 보냅니다.',
  },
  sse: {
    name: 'SSE',
    mind: '클라이언트의 말은 보통의 요청으로 보냅니다. HTTP/1.1에서는 한 호스트에 여섯 개까지입니다.',
  },
  websocket: {
    name: '웹소켓',
    mind: '다시 연결하고 이어 받는 일, 하트비트, 서버의 상태는 직접 돌보아야 합니다.',
  },
  webtransport: {
    name: 'WebTransport',
    mind: 'HTTP/3가 닿지 않는 네트워크와 아직 지원하지 않는 브라우저를 위한 다른 길을 함께 준비합니다.',
  },
}

export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  'client-first': '묻고 답하는 일이라면 HTTP가 이미 하는 일입니다.',
  'late-enough':
    '늦어도 된다면 연결을 붙들 까닭이 없습니다. 사건이 잦다면 모아 받아 바이트도 줄일 수 있습니다.',
  'server-first': '서버가 먼저 말하려면 물음을 미리 받아 두거나 연결이 열려 있어야 합니다.',
  'server-only': '내려받기만 하므로 SSE로 충분하고, 끊긴 뒤에 잇는 일은 브라우저가 합니다.',
  'rarely-back': '가끔 하는 말은 보통의 요청으로 보내면 됩니다.',
  'both-often': '양쪽이 자주 말하므로 말마다 헤더를 내지 않는 편이 낫습니다.',
  'loss-allowed':
    'TCP는 잃어버린 것을 기다립니다. 최신 것만 있으면 된다면 기다리지 않는 데이터그램이 낫습니다.',
  'no-upgrade': '보통의 HTTP만 지나갑니다. wss로 감싸면 지나가는 네트워크도 많으므로 먼저 시험해 봅니다.',
  'no-stream': '끝나지 않는 응답은 프록시에 갇힙니다. 사건마다 응답을 끝내면 지나갑니다.',
  'seconds-late': '몇 초 늦어도 된다면 그 간격의 폴링도 됩니다. 사람이 적을 때에는 가장 손이 덜 갑니다.',
  'no-hold': '연결을 붙들 수 없는 서버라면 물음에 곧바로 답하는 방법만 남습니다.',
}
