import {
  HeadError,
  headLength,
  parseRequestHead,
  parseResponseHead,
  type ByteRange,
} from '#protocol/http-head.ts'
import { latin1 } from '#protocol/latin1.ts'
import type { Role } from '#protocol/role.ts'
import type { RecordedConnection, Recording } from './recording.ts'

/** What every export can be asked. */
export interface ExportOptions {
  /** Whether secrets are overwritten with `*` (the default) or left as they crossed. */
  readonly secrets?: 'mask' | 'keep'
}

/** Fields that let someone in, or say who someone is or where. */
const SECRET_FIELDS = new RegExp(
  `^(?:${[
    'cookie2?|set-cookie2?',
    '(?:proxy-)?authorization|(?:proxy-)?authentication-info',
    'x-(?:api|auth|access|amz-security|csrf|xsrf)-?(?:key|token)|api-key|x-authorization|cf-access-jwt-assertion',
    'forwarded|x-forwarded(?:-.*)?|x-original-forwarded-for|forwarded-for|via-ip',
    '(?:x-)?real-ip|(?:x-)?(?:true-)?client-ip|x-cluster-client-ip|x-remote-(?:ip|addr)|remote-addr',
    '(?:cf|fastly|fly|x-appengine|x-azure|x-envoy)-(?:connecting-ip(?:v6)?|client-ip|clientip|socketip|user-ip|external-address)',
  ].join('|')})$`,
  'i',
)

/** Parameters of a URL that let someone in: browsers cannot add a field to a handshake, so they end up here. */
const SECRET_PARAMETERS =
  /token|ticket|secret|passw|pwd|auth|jwt|session|signature|credential|api[-_]?key|^(?:key|sig|sid|code)$/i

const START_LINE = /^(?:HTTP\/1\.\d \d{3} |[A-Z]+ \S+ HTTP\/1\.\d$)/
const STAR = 0x2a
const SPACE = 0x20
const TAB = 0x09

/**
 * A copy of a recording with its secrets overwritten, each by as many `*`: cookies, credentials, and addresses that
 * proxies pass on, in heads and in the URLs there. Every offset stays what it was. Heads may be cut over any chunks;
 * where a head is malformed, or no WebSocket came of it, whatever looks like such a field is masked anywhere.
 */
export function maskSecrets(recording: Recording): Recording {
  return { ...recording, connections: recording.connections.map(maskConnection) }
}

function maskConnection(connection: RecordedConnection): RecordedConnection {
  const streams = { client: streamOf(connection, 'client'), server: streamOf(connection, 'server') }
  const { client, server } = streams
  const responses = lengthOfResponses(server.bytes)
  const request = responses === undefined ? undefined : lengthOfRequest(client.bytes)
  const maskedUpTo = {
    client: mask(client.bytes, secretsIn(client, request ?? client.bytes.length)),
    server: mask(server.bytes, secretsIn(server, responses ?? server.bytes.length)),
  }
  const at = { client: 0, server: 0 }
  const chunks = connection.chunks.map(chunk => {
    const start = at[chunk.from]
    const end = (at[chunk.from] += chunk.bytes.length)
    return start < maskedUpTo[chunk.from]
      ? { ...chunk, bytes: streams[chunk.from].bytes.slice(start, end) }
      : chunk
  })
  return { ...connection, chunks }
}

interface Stream {
  readonly bytes: Uint8Array
  /** Offsets at which something may be missing, ascending. */
  readonly gaps: readonly number[]
}

function streamOf({ chunks, gaps }: RecordedConnection, role: Role): Stream {
  const bytes = new Uint8Array(
    chunks.reduce((sum, chunk) => sum + (chunk.from === role ? chunk.bytes.length : 0), 0),
  )
  const offsets = [0]
  let at = 0
  for (const chunk of chunks) {
    if (chunk.from === role) {
      bytes.set(chunk.bytes, at)
      at += chunk.bytes.length
    }
    offsets.push(at)
  }
  return {
    bytes,
    gaps: gaps.filter(({ from = role }) => from === role).map(({ before }) => offsets[before] ?? at),
  }
}

/** Length of all heads of a server that ends with a 101; `undefined` when it does not, or a head is malformed. */
function lengthOfResponses(bytes: Uint8Array): number | undefined {
  let at = 0
  for (;;) {
    const head = wholeHead(bytes.subarray(at), parseResponseHead)
    if (!head) return undefined
    at += head.bytes.length
    if (head.status === 101) return at
    if (head.status >= 200) return undefined
  }
}

function lengthOfRequest(bytes: Uint8Array): number | undefined {
  return wholeHead(bytes, parseRequestHead)?.bytes.length
}

function wholeHead<Head>(bytes: Uint8Array, parse: (bytes: Uint8Array) => Head): Head | undefined {
  const length = headLength(bytes)
  if (length === undefined) return undefined
  try {
    return parse(bytes.subarray(0, length))
  } catch (error) {
    if (error instanceof HeadError) return undefined
    throw error
  }
}

/** Whether the value of a field is masked. */
export function isSecretField(name: string): boolean {
  return SECRET_FIELDS.test(name)
}

/** A text with the values of secret parameters of any URL in it overwritten. */
export function maskParameters(text: string): string {
  const parts: string[] = []
  let at = 0
  for (const { start, end } of secretParameters(text)) {
    parts.push(text.slice(at, start), '*'.repeat(end - start))
    at = end
  }
  return parts.join('') + text.slice(at)
}

/** Ranges to mask in the first `length` bytes of a stream, in order of their beginnings. */
function secretsIn({ bytes, gaps }: Stream, length: number): ByteRange[] {
  const text = latin1(bytes, 0, length)
  const ranges: ByteRange[] = []
  // A CR alone ends a line too: somebody may read it so.
  const lines = /[^\r\n]+/g
  let secret = false
  let gap = 0
  for (let match = lines.exec(text); match; match = lines.exec(text)) {
    const [line] = match
    const start = match.index
    const end = lines.lastIndex
    while ((gaps[gap] ?? length) < start) gap++
    const missing = gaps[gap]
    // A line that begins with a space goes on with the value above (RFC 9112 §5.2).
    secret &&= /^[ \t]/.test(line)
    const field = /^[^!-~]*([!-9;-~]+)[^!-~]*:/.exec(line)
    if (secret) ranges.push({ start, end })
    else if (field && isSecretField(field[1] ?? '')) {
      secret = true
      ranges.push({ start: start + field[0].length, end })
    } else {
      for (const each of secretParameters(line))
        ranges.push({ start: start + each.start, end: start + each.end })
      // What follows something missing may be the rest of a secret, unless it can only be the beginning of a head.
      if (missing === undefined || missing >= end || (missing === start && START_LINE.test(line))) continue
      secret = true
      ranges.push({ start: missing, end })
    }
  }
  return ranges
}

/** Values of secret parameters in any URL of a line. */
function* secretParameters(line: string): Generator<ByteRange> {
  const names = /[?&;]([^=?&;#\s"'<>]+)=/g
  for (let match = names.exec(line); match; match = names.exec(line)) {
    if (!SECRET_PARAMETERS.test(match[1] ?? '')) continue
    const start = names.lastIndex
    const value = /[&;#\s"'<>]/g
    value.lastIndex = start
    const end = value.exec(line)?.index ?? line.length
    yield { start, end }
    names.lastIndex = end
  }
}

/** Overwrites the ranges; returns where the last of them ends. Spaces stay, so that a head reads as it did. */
function mask(bytes: Uint8Array, ranges: readonly ByteRange[]): number {
  let last = 0
  for (const { start, end } of ranges) {
    for (let i = start; i < end; i++) if (bytes[i] !== SPACE && bytes[i] !== TAB) bytes[i] = STAR
    last = Math.max(last, end)
  }
  return last
}
