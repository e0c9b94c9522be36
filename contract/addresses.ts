/** Path of the control channel on the sandbox. */
export const CONTROL_PATH = '/control'

/** Path prefix of the labs; what follows is the lab's name. */
export const LAB_PATH_PREFIX = '/lab/'

/** Query parameter that carries a ticket. */
export const TICKET_PARAMETER = 'ticket'

/** WebSocket subprotocols the echo lab speaks, the one it likes best first. */
export const ECHO_SUBPROTOCOLS = ['anatomy.v2', 'anatomy.v1'] as const

/** The lab whose server the page plays: after a good opening handshake every byte it answers comes from the page. */
export const PLAYED_LAB = 'played'

/** Who the two talk about being, whom `overhear` listens to: the client's words go to this host, under this path. */
export const OVERHEARD_HOST = 'chat.example'
export const OVERHEARD_PATH = '/room'

/**
 * Query of labs in which several meet, `broadcast`, `counter` and `instances`: the room, a name that nobody guesses, chosen by whoever
 * opens it.
 */
export const ROOM_PARAMETER = 'room'

/** Query of the lab `broadcast`: whether who speaks hears it too. */
export const BROADCAST_TO = { name: 'to', all: 'all', others: 'others' } as const
/** Connections that a room of the lab `broadcast` takes. */
export const BROADCAST_MOST = 8

/**
 * The two servers of the lab `instances`, as its response names the one that answers in `X-Served-By`, and its query: how
 * its balancer chooses between them (in turn unless said), whose connection it is, and whether the two share a bus.
 */
export const INSTANCES = ['instance-1', 'instance-2'] as const
export const SERVED_BY = 'X-Served-By'
export const BALANCING = { name: 'balance', sticky: 'sticky', room: 'room' } as const
export const SEAT = { name: 'seat', least: 1, most: 8, usual: 1 } as const
export const SHARED_BUS = 'bus'

/**
 * Query of the lab `counter`, whose rooms are servers: how often the client says that it has spoken before, which a server
 * that was started again cannot know.
 */
export const COUNTER_FROM = { name: 'from', least: 0, most: 1_000_000, usual: 0 } as const
/** A text to the lab `counter` that has its server started again. */
export const COUNTER_RESTART = 'restart'

/** Where events are streamed to an EventSource (HTML §9.2). */
export const EVENTS_PATH = '/events'

/** Query of the event stream: milliseconds between two events, and how many there are before the response ends. */
export const EVENTS_EVERY = { name: 'every', least: 50, most: 10_000, usual: 1_000 } as const
export const EVENTS_COUNT = { name: 'count', least: 1, most: 100, usual: 5 } as const

/** Milliseconds after which an EventSource is told to connect again (`retry`). */
export const EVENTS_RETRY_MS = 1_000

/** Longest text that they say to each other, in UTF-16 units. */
export const MAX_OVERHEARD_TEXT = 200

/** Query of the lab `market`: milliseconds for which prices are held back, so that only the latest of each goes; 0: all go. */
export const MARKET_COALESCE = { name: 'coalesce', least: 0, most: 2_000, usual: 0 } as const

/** Query of the lab `ping`: milliseconds between two pings of the server. */
export const PING_EVERY = { name: 'every', least: 50, most: 60_000, usual: 1_000 } as const

/**
 * A text to the lab `ping` that asks for so many KiB (1 to `most`, in messages of 64 KiB at most) `afterMs` later, when
 * whoever asked may have stopped reading; as in `pile 256`.
 */
export const PING_PILE = { word: 'pile', most: 256, afterMs: 300 } as const

/** Query of the lab `speak`: milliseconds between two messages of the server, and how many there are. */
export const SPEAK_EVERY = { name: 'every', least: 20, most: 60_000, usual: 1_000 } as const
export const SPEAK_COUNT = { name: 'count', least: 1, most: 1_000, usual: 100 } as const
