import type { RaceWay } from '#contract/race-ways.ts'

/** What each way is called. */
export const WAY_WORDS: Readonly<Record<RaceWay, string>> = {
  poll: '폴링',
  'long-poll': '롱 폴링',
  sse: 'SSE',
  websocket: '웹소켓',
  'poll-h2': '폴링(HTTP/2)',
}

/** Colour of each way, and how its line is dashed: hues alone do not tell lines apart. */
export const WAY_LINES: Readonly<
  Record<RaceWay, { readonly token: string; readonly dash: readonly number[] }>
> = {
  poll: { token: '--server', dash: [] },
  'long-poll': { token: '--fault', dash: [2, 3] },
  sse: { token: '--control', dash: [8, 3] },
  websocket: { token: '--client', dash: [] },
  'poll-h2': { token: '--ink', dash: [4, 4] },
}
