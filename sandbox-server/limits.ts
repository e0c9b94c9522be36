/**
 * Every bound of the sandbox, with its default. The unit is in the name: `Ms` milliseconds, `Bytes` bytes, else a
 * count. Each can be set through the environment as `LIMIT_` and its name in capitals: `LIMIT_PING_INTERVAL_MS`.
 */
export const DEFAULT_LIMITS = {
  /** TCP connections at once; the next is answered 503. */
  connections: 2000,
  /** TCP connections at once of one address (IPv6: of one network of 64 bits); the next is answered 429. */
  addressConnections: 400,
  /** New ones in a minute of one address: a classroom has one, and one page opens many. The next is answered 429. */
  addressConnectionsPerMinute: 600,
  /** Memory of the process above which no lab is opened any more: 503. */
  memoryBytes: 1024 * 1024 * 1024,
  /** Connections above `connections` that may be held while their 503 is on the way; beyond, the kernel drops. */
  refusedConnections: 100,
  /** A request's head, request line included; longer is answered 431. */
  headBytes: 8 * 1024,
  /** A request's target; longer is answered 414. */
  urlBytes: 2 * 1024,
  /** From the first moment of a connection to the end of a request's head; later is answered 408. */
  headMs: 5_000,
  /** From the first byte of a request to the last of its body; later is answered 408. */
  requestMs: 10_000,
  /** How often the two above are looked at. */
  checkingIntervalMs: 1_000,
  /** An HTTP connection kept alive with nothing on it. */
  keepAliveMs: 5_000,
  /** Requests of one connection that wait for the answers before theirs; one more ends the connection. */
  pipelinedRequests: 16,
  /** After our FIN, how long bytes are still read and thrown away before the socket is destroyed. */
  lingerMs: 2_000,
  /** First bytes of a connection kept until it is known whether they are captured. */
  undecidedBytes: 128 * 1024,

  /** A WebSocket message to a lab, inclusive; longer is closed with 1009. */
  messageBytes: 64 * 1024,
  /** Frames of one message. */
  messageFragments: 256,
  /** Messages and control frames of a lab connection, on average; more is closed with 1008. */
  messagesPerSecond: 20,
  /** Of those at once, after as long a rest as they need. */
  messageBurst: 200,
  /** The same for a lab that readers flood on purpose, on a connection that a page sees: the inspector repeats so fast. */
  floodMessagesPerSecond: 1200,
  floodMessageBurst: 2400,
  /** From the first byte of a frame to its last; later is closed with 1008. */
  frameMs: 10_000,
  /** Buffered for a reader above which the sandbox stops reading from it. */
  outgoingPauseBytes: 16 * 1024,
  /** Buffered for a reader above which the connection is terminated. */
  outgoingEndBytes: 1024 * 1024,
  /** How long a peer may leave what was sent to it unread before its connection is ended. */
  stallMs: 15_000,
  /** Between two pings; a peer that has not answered one when the next is due is terminated. */
  pingIntervalMs: 30_000,
  /** Without a message, after which a lab connection is closed with 1001. */
  idleMs: 10 * 60_000,
  /** Age at which a lab connection is closed with 1001. */
  lifeMs: 60 * 60_000,
  /** From our Close to the end of the connection. */
  closingHandshakeMs: 5_000,

  /** Lab connections and unused tickets of one session. */
  sessionConnections: 16,
  /** Life of an unused ticket. */
  ticketMs: 30_000,
  /** A message on the control channel. One above what a command may be is answered with an error, one above this 1009. */
  controlMessageBytes: 1024 * 1024,
  /** A connection of the sandbox to itself, whose client a page plays. */
  dialMs: 1_000,
  /** A conversation inside the sandbox that a page overhears. */
  overheardMs: 5_000,
  /** Races at once, each of ten subscribers on five ways at most; one of a session. */
  races: 4,
  /** Chunks waiting for a slow control channel; the oldest are dropped and counted. */
  mirrorChunks: 2000,
  /** Bytes waiting for a slow control channel; the oldest are dropped and counted. */
  mirrorBytes: 1024 * 1024,
  /** Events other than chunks waiting for a slow control channel; more ends the session. */
  mirrorEvents: 1000,

  /** Bytes that wait for Redis, for all that the instances say to each other; what would be more is lost. */
  busBytes: 8 * 1024 * 1024,
  /** Without an answer of Redis, after which the bus counts as lost. */
  busSilenceMs: 3_000,
  /** From asking another instance for a ticket of its own to its answer; later the client is answered 503. */
  claimMs: 2_000,
  /** Without a word of the instance that has the page of a captured connection, or the connection of a page; then it ends. */
  busLeaseMs: 30_000,

  /** From the signal to stop to the end of the process. */
  shutdownMs: 6_000,
} as const

export type Limits = { readonly [Name in keyof typeof DEFAULT_LIMITS]: number }

/** Environment variable that sets a limit. */
export function limitVariable(name: string): string {
  return `LIMIT_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}
