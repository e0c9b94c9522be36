/**
 * What a server written in haste gets wrong, and the chapter of the table that finds it. The code of each is where
 * `plain-server.ts` asks for it by name.
 */
export const FAULTS = {
  'takes lengths in too many bytes': 'framing',
  'reads half of a 64-bit length': 'framing',
  'takes every read for one frame': 'framing',
  'forgets what came with the request': 'framing',
  'masks its answers': 'framing',
  'takes unmasked frames': 'masking',
  'unmasks with the first key it saw': 'masking',
  'ignores reserved bits': 'reserved bits',
  'takes reserved opcodes for messages': 'opcodes',
  'answers everything as text': 'opcodes',
  'answers no ping': 'ping and pong',
  'answers pings with nothing': 'ping and pong',
  'answers pongs': 'ping and pong',
  'takes long control frames': 'ping and pong',
  'takes control frames without FIN': 'ping and pong',
  'answers pings when the message has ended': 'fragmentation',
  'answers fragments one by one': 'fragmentation',
  'lets a message begin within another': 'fragmentation',
  'takes a continuation of nothing for a message': 'fragmentation',
  'forgets a message when a control frame comes': 'fragmentation',
  'looks for no UTF-8': 'UTF-8',
  'looks for UTF-8 in each fragment': 'UTF-8',
  'replaces bad UTF-8': 'UTF-8',
  'drops a byte order mark': 'UTF-8',
  'takes any close code': 'closing',
  'takes half a close code': 'closing',
  'looks at no reason': 'closing',
  'answers no Close': 'closing',
  'goes on after a Close': 'closing',
  'goes on after a failure': 'closing',
  'leaves TCP open after a failure': 'closing',
  'accepts every offer': 'compression',
  'refuses offers that it should decline': 'compression',
  'takes RSV1 anywhere': 'compression',
  'forgets what came before': 'compression',
  'sends back what it cannot inflate': 'compression',
  'compresses pongs': 'compression',
} as const

export type Fault = keyof typeof FAULTS

/**
 * The deliberately wrong server: it checks next to nothing, as many a first one does. Left out is what no client could
 * talk past, since then every case would fail and tell nothing.
 */
export const WRONG: ReadonlySet<Fault> = new Set([
  'takes lengths in too many bytes',
  'reads half of a 64-bit length',
  'takes unmasked frames',
  'ignores reserved bits',
  'takes reserved opcodes for messages',
  'answers no ping',
  'answers pongs',
  'takes long control frames',
  'takes control frames without FIN',
  'lets a message begin within another',
  'takes a continuation of nothing for a message',
  'looks for no UTF-8',
  'takes any close code',
  'takes half a close code',
  'looks at no reason',
  'accepts every offer',
  'sends back what it cannot inflate',
])
