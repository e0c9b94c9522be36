export const COURSE_TITLE = '웹소켓 해부학'

/** One or two sentences, for search engines, feeds and whoever is sent a link. */
export const COURSE_DESCRIPTION =
  '내 브라우저가 방금 주고받은 헤더와 비트와 바이트로 배우는 웹소켓 강의입니다. 그림은 상상이 아니라 실제 연결에서 옵니다.'

/** A lesson's place in the course. Whether it is written is for the `lessons` collection to say. */
export interface PlannedLesson {
  readonly slug: string
  readonly title: string
  /** What the reader does or sees there, in one sentence. */
  readonly blurb: string
  /** Minutes it takes; a written lesson states its own. */
  readonly minutes: number
}

export interface Part {
  readonly title: string
  readonly blurb: string
  readonly lessons: readonly PlannedLesson[]
}

/** The whole course in reading order; part and lesson numbers are positions in it, from 1. */
export const COURSE: readonly Part[] = [
  {
    title: '첫 만남',
    blurb: '연결 하나를 열고, 그 아래로 무엇이 지나갔는지 처음으로 봅니다.',
    lessons: [
      {
        slug: 'first-connection',
        title: '첫 연결',
        blurb: '연결을 열고 첫 메시지를 보낸 다음, 같은 순간에 와이어를 지나간 바이트를 펼쳐 봅니다.',
        minutes: 15,
      },
      {
        slug: 'why-websocket',
        title: '왜 웹소켓인가',
        blurb: '요청하지 않았는데도 서버가 먼저 말을 꺼내는 순간을 만들어 봅니다.',
        minutes: 15,
      },
    ],
  },
  {
    title: '바이트 해부',
    blurb: '요청 헤더의 첫 글자부터 종료 코드의 마지막 비트까지, 지나간 모든 바이트에 이름을 붙입니다.',
    lessons: [
      {
        slug: 'handshake',
        title: '핸드셰이크',
        blurb: '내 브라우저가 보낸 요청을 보낸 순서와 글자 그대로, 헤더 하나씩 읽습니다.',
        minutes: 20,
      },
      {
        slug: 'accept-key',
        title: 'Sec-WebSocket-Accept',
        blurb: '내 키로 응답 값을 손수 계산하고, 틀린 값에 브라우저가 등을 돌리는 모습을 봅니다.',
        minutes: 20,
      },
      {
        slug: 'refused-handshake',
        title: '거부된 핸드셰이크',
        blurb: '자바스크립트가 1006만 아는 동안 실제로 오간 거절의 이유를 읽습니다.',
        minutes: 20,
      },
      {
        slug: 'frames',
        title: '프레임',
        blurb: '두 바이트로 시작하는 프레임 헤더를 비트 단위로 짚고, 길이 표현이 바뀌는 경계를 넘습니다.',
        minutes: 20,
      },
      {
        slug: 'masking',
        title: '마스킹',
        blurb: '브라우저가 보내는 모든 바이트를 왜 XOR로 뒤섞는지, 풀어 보며 확인합니다.',
        minutes: 20,
      },
      {
        slug: 'text-and-binary',
        title: '텍스트와 바이너리',
        blurb: '‘한’이 세 바이트가 되는 과정과, 잘못된 UTF-8이 연결을 끝내는 장면을 봅니다.',
        minutes: 20,
      },
      {
        slug: 'fragmentation',
        title: '단편화',
        blurb: '메시지 하나를 여러 프레임으로 나누고 그 사이로 핑을 끼워 넣습니다.',
        minutes: 15,
      },
      {
        slug: 'ping-pong',
        title: '핑과 퐁',
        blurb: '스크립트는 모르는 심장 박동을 와이어에서 세고, 조용히 끊긴 연결을 알아냅니다.',
        minutes: 20,
      },
      {
        slug: 'closing',
        title: '종료',
        blurb: '종료 코드를 하나씩 실제로 일으키고, 와이어에 실리지 않는 코드를 가려냅니다.',
        minutes: 25,
      },
      {
        slug: 'tcp-is-not-frames',
        title: 'TCP에는 메시지 경계가 없다',
        blurb: '쓰기와 읽기, 프레임, 메시지를 세 줄로 나란히 놓고 경계가 어긋나는 곳을 봅니다.',
        minutes: 20,
      },
    ],
  },
  {
    title: '주소와 안전',
    blurb: '연결이 지나는 길에는 도청자와 프록시와 다른 출처의 페이지가 있습니다.',
    lessons: [
      {
        slug: 'ws-and-wss',
        title: 'ws와 wss',
        blurb: '도청자의 자리에 앉아 같은 메시지를 평문과 TLS로 각각 엿봅니다.',
        minutes: 20,
      },
      {
        slug: 'security',
        title: '보안',
        blurb: '쿠키를 태우고 남의 페이지에서 건너온 연결을 Origin으로 막아 냅니다.',
        minutes: 25,
      },
      {
        slug: 'proxies',
        title: '프록시와 방화벽',
        blurb: '실제 프록시 네 대를 지나며 무엇이 지워지고 언제 끊기는지 지켜봅니다.',
        minutes: 20,
      },
    ],
  },
  {
    title: '고르기',
    blurb: '웹소켓을 쓸 곳과 쓰지 않을 곳을 재어 보고 정합니다.',
    lessons: [
      {
        slug: 'http-vs-websocket',
        title: '웹소켓 대 HTTP',
        blurb: '같은 사건을 다섯 가지 방법으로 실어 나르고 바이트와 지연을 소켓에서 잽니다.',
        minutes: 25,
      },
      {
        slug: 'sse-and-long-polling',
        title: 'SSE와 롱 폴링',
        blurb: '한쪽으로만 흐르는 길이 더 나은 선택이 되는 때를 찾습니다.',
        minutes: 20,
      },
      {
        slug: 'use-cases',
        title: '쓰임새',
        blurb: '채팅부터 시세판까지, 작은 실물 여섯 개와 그 아래의 와이어를 봅니다.',
        minutes: 20,
      },
      {
        slug: 'strengths',
        title: '장점',
        blurb: '흔히 말하는 장점을 하나씩 재어 보고 숫자로 옮깁니다.',
        minutes: 15,
      },
      {
        slug: 'weaknesses',
        title: '단점',
        blurb: '서버를 다시 켜고 탭을 재우며 연결의 약한 곳을 드러냅니다.',
        minutes: 15,
      },
      {
        slug: 'reconnecting',
        title: '재연결',
        blurb: '클라이언트 200개가 한꺼번에 돌아올 때 벌어지는 일을 보고 간격을 흩뜨립니다.',
        minutes: 20,
      },
      {
        slug: 'backpressure',
        title: '백프레셔',
        blurb: '읽는 쪽이 느릴 때 바이트가 어디에 쌓이는지 따라갑니다.',
        minutes: 20,
      },
      {
        slug: 'scaling',
        title: '수평 확장',
        blurb: '서버가 둘이 되자 도착하지 않는 메시지를, 둘을 잇는 버스로 되살립니다.',
        minutes: 20,
      },
      {
        slug: 'when-to-use',
        title: '언제 쓸까',
        blurb: '질문에 답하며 내 서비스에 맞는 방법과 그 까닭에 이릅니다.',
        minutes: 15,
      },
    ],
  },
  {
    title: '만들기',
    blurb: '읽은 것을 코드로 옮기고, 끝내 서버의 바이트까지 직접 씁니다.',
    lessons: [
      {
        slug: 'python-server',
        title: '파이썬으로 구현하기',
        blurb: 'websockets 라이브러리로 브로드캐스트 서버와 클라이언트를 만듭니다.',
        minutes: 25,
      },
      {
        slug: 'node-server',
        title: 'Node로 구현하기',
        blurb: '같은 서버를 ws로 다시 만들며 두 라이브러리의 선택을 견줍니다.',
        minutes: 25,
      },
      {
        slug: 'robust-client',
        title: '견고한 클라이언트',
        blurb: '재연결과 하트비트, 보낼 것의 줄을 갖춘 브라우저 클라이언트를 만듭니다.',
        minutes: 25,
      },
      {
        slug: 'extensions',
        title: '서브프로토콜과 압축',
        blurb: '협상으로 켜지는 RSV1 비트와 압축된 페이로드를 풀어 봅니다.',
        minutes: 25,
      },
      {
        slug: 'build-your-own',
        title: '내 서버 만들기',
        blurb: '핸드셰이크와 프레임 코덱을 직접 써서 내 브라우저의 연결을 받습니다.',
        minutes: 60,
      },
      {
        slug: 'final-exam',
        title: '졸업 시험',
        blurb: '기록만 보고 어느 쪽이 어느 규칙을 어겼는지 진단합니다.',
        minutes: 40,
      },
    ],
  },
]

/** Where a lesson stands: `number` is what readers see, as in `2-1`. */
export interface Place {
  readonly part: number
  readonly lesson: number
  readonly number: string
  readonly partTitle: string
  readonly planned: PlannedLesson
}

/** Every lesson of the course with its place, in reading order. */
export const PLACES: readonly Place[] = COURSE.flatMap((part, partIndex) =>
  part.lessons.map((planned, index) => ({
    part: partIndex + 1,
    lesson: index + 1,
    number: `${partIndex + 1}-${index + 1}`,
    partTitle: part.title,
    planned,
  })),
)

const LESSON_FILE = /(?:^|\/)(\d\d)-[a-z0-9-]+\/(\d\d)-([a-z0-9-]+)(?:\.mdx)?$/

/**
 * The place that a lesson's path names, as in `02-anatomy/01-handshake.mdx`.
 * @throws Error when the name is not of that form or the course has another lesson there
 */
export function placeOfFile(path: string): Place {
  const [, part, lesson, slug] = LESSON_FILE.exec(path) ?? []
  if (!slug) throw new Error(`${path}: a lesson is named NN-part/NN-slug.mdx`)
  const place = PLACES.find(one => one.planned.slug === slug)
  if (!place) throw new Error(`${path}: no lesson of course.ts has the slug "${slug}"`)
  if (place.part !== Number(part) || place.lesson !== Number(lesson))
    throw new Error(`${path}: course.ts has "${slug}" at ${place.number}, the file name says otherwise`)
  return place
}
