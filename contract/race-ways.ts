/** The ways that race, as their tallies name them. Apart from the rest of races, which few pages need. */
export const RACE_WAYS = ['poll', 'long-poll', 'sse', 'websocket', 'poll-h2'] as const
export type RaceWay = (typeof RACE_WAYS)[number]
