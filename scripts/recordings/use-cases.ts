import { encodeHeading } from '#contract/arena.ts'
import { MARKET_COALESCE, ROOM_PARAMETER } from '#contract/addresses.ts'
import { GATHERING_NAME, type SaidKind } from '#contract/gathering.ts'
import type { RecordedConnection } from '#recording/recording.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { PageSocket } from './page-socket.ts'
import type { Recorder, Until } from './recorder.ts'
import type { Scenario } from './scenario.ts'

/** One who meets others: what they do, and where they wait for all of them. */
interface Guest {
  readonly name: string
  readonly acts: (socket: PageSocket, until: Until, meet: (place: string) => Promise<void>) => Promise<void>
}

/** All of them in one room. */
function together(
  recorder: Recorder,
  lab: string,
  guests: readonly Guest[],
): Promise<readonly RecordedConnection[]> {
  const room = `recorded${Date.now()}${lab}`
  const meetings = new Map<string, Meeting>()
  const meet = (place: string): Promise<void> => {
    const meeting = meetings.get(place) ?? new Meeting(guests.length)
    meetings.set(place, meeting)
    return meeting.come()
  }
  return Promise.all(
    guests.map(({ name, acts }) =>
      recorder.browser({
        lab,
        query: { [ROOM_PARAMETER]: room, [GATHERING_NAME]: name },
        play: (socket, until) => acts(socket, until, meet),
      }),
    ),
  )
}

/** Lets all go on when the last has come. */
class Meeting {
  readonly #all = Promise.withResolvers<void>()
  #missing: number

  constructor(guests: number) {
    this.#missing = guests
  }

  come(): Promise<void> {
    if (--this.#missing === 0) this.#all.resolve()
    return this.#all.promise
  }
}

/** Whether the server has said something with those words in it. */
const saying =
  (words: string) =>
  ({ items }: CapturedConnection): boolean =>
    items.some(item => item.kind === 'frame' && item.from === 'server' && item.message?.text?.includes(words))

/** One speaks, and the other answers when they have heard the last of it. */
function dialogue(
  [one, other]: readonly [string, string],
  first: readonly (readonly [kind: SaidKind, text: string])[],
  answer: readonly [kind: SaidKind, text: string],
): readonly Guest[] {
  const told = ([kind, text]: readonly [string, string]) => `"kind":"${kind}","text":"${text}"`
  const say = (socket: PageSocket, [kind, text]: readonly [string, string]) =>
    socket.send(JSON.stringify({ kind, text }))
  const last = first.at(-1) ?? ['say', '']
  return [
    {
      name: one,
      async acts(socket, until, meet) {
        await socket.told('open')
        await meet('there')
        for (const words of first) await say(socket, words)
        await until(saying(told(answer)))
        await meet('said')
        await socket.close(1000)
      },
    },
    {
      name: other,
      async acts(socket, until, meet) {
        await socket.told('open')
        await meet('there')
        await until(saying(told(last)))
        await say(socket, answer)
        await until(saying(told(answer)))
        await meet('said')
        await socket.close(1000)
      },
    },
  ]
}

/** A player who goes some way, then another. */
const player = (name: string, dx: number): Guest => ({
  name,
  async acts(socket, _until, meet) {
    await socket.told('open')
    await meet('there')
    await socket.send(encodeHeading({ dx, dy: 0 }))
    await socket.told('message', 12)
    await socket.send(encodeHeading({ dx: 0, dy: dx }))
    await socket.told('message', 24)
    await meet('gone')
    await socket.close(1000)
  },
})

/** So many messages of a server that never ends. */
const listening = (
  recorder: Recorder,
  lab: string,
  query: Readonly<Record<string, number>>,
  messages: number,
) =>
  recorder.browser({
    lab,
    query,
    async play(socket) {
      await socket.told('message', messages)
      await socket.close(1000)
    },
  })

export const useCases: readonly Scenario[] = [
  {
    file: 'use-cases',
    title: '쓰임새 여섯',
    async play(recorder) {
      const chat = await together(
        recorder,
        'gathering',
        dialogue(
          ['가영', '나준'],
          [
            ['typing', ''],
            ['say', '어디까지 왔어요?'],
          ],
          ['say', '다 왔어요!'],
        ),
      )
      const feed = await together(
        recorder,
        'gathering',
        dialogue(['가영', '나준'], [['post', '속보: 첫눈이 내립니다']], ['post', '사진도 있습니다']),
      )
      const game = await together(recorder, 'arena', [player('가영', 1), player('나준', -1)])
      const notices = await together(
        recorder,
        'gathering',
        dialogue(['휴대 전화', '노트북'], [['notice', '택배가 문 앞에 도착했습니다']], ['read', '1']),
      )
      const market = await Promise.all([
        listening(recorder, 'market', { [MARKET_COALESCE.name]: 0 }, 60),
        listening(recorder, 'market', { [MARKET_COALESCE.name]: 500 }, 4),
      ])
      const pulse = await listening(recorder, 'pulse', {}, 3)
      return [...chat, ...feed, ...game, ...notices, ...market, pulse]
    },
  },
]
