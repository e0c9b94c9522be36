import type { HeaderField, RequestHead } from '#protocol/http-head.ts'
import { isSecretField, maskParameters, type ExportOptions } from './secrets.ts'

/** One line of a POSIX shell for each program. */
export interface HandshakeCommands {
  /** The same request head, field for field; what comes back is printed, head first. */
  readonly curl: string
  readonly websocat: string
  readonly wscat: string
  /** Names of fields that a command line cannot carry: their values are not text, or are made to be misread. */
  readonly omitted: readonly string[]
}

/** Fields that a WebSocket client writes itself, or has an option for. */
const OWN_FIELDS = /^(?:host|upgrade|connection|origin|sec-websocket-.*)$/i
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/
/** Control and format characters, line and paragraph separators, and what is no character at all. */
const NOT_TEXT = /[\p{C}\p{Zl}\p{Zp}]/u

/**
 * Commands that repeat a handshake: what `curl` sends is the recorded request, `websocat` and `wscat` make their own
 * key. Every argument is quoted so that a shell takes it as it is, whatever the fields hold. Secrets are masked unless
 * asked otherwise.
 * @param url where to connect, `ws:` or `wss:`; what has no place in a URL is percent-encoded
 * @throws RangeError when it is another kind of URL
 */
export function handshakeCommands(
  head: RequestHead,
  url: string,
  { secrets = 'mask' }: ExportOptions = {},
): HandshakeCommands {
  if (!/^wss?:\/\/[^/]/i.test(url)) throw new RangeError(`not the URL of a WebSocket: ${url}`)
  const masks = secrets === 'mask'
  const target = percentEncoded(masks ? maskParameters(url) : url)
  const fields = head.fields.map(field => ({ name: field.name, value: valueOf(field, masks) }))
  const good = fields.flatMap(({ name, value }) =>
    value === undefined || !TOKEN.test(name) ? [] : [{ name, value }],
  )
  const values = (name: string) =>
    good.filter(field => field.name.toLowerCase() === name).map(({ value }) => value)
  const [origin] = values('origin')
  const protocols = values('sec-websocket-protocol')
  const others = good.filter(({ name }) => !OWN_FIELDS.test(name))
  return {
    curl: line('curl', [
      ['--include', '--no-buffer', '--http1.1', '--globoff', '--path-as-is'],
      ...unsentByCurl(good.map(({ name }) => name)).map(name => ['--header', `${name}:`]),
      // With nothing after the colon curl leaves a field out; with a semicolon it sends it empty.
      ...good.map(({ name, value }) => ['--header', value === '' ? `${name};` : `${name}: ${value}`]),
      ['--url', target.replace(/^ws/i, 'http')],
    ]),
    websocat: line('websocat', [
      ...(origin === undefined ? [] : [[`--origin=${origin}`]]),
      ...(protocols.length === 0 ? [] : [[`--protocol=${protocols.join(', ')}`]]),
      ...others.map(({ name, value }) => [`--header=${name}: ${value}`]),
      [target],
    ]),
    wscat: line('wscat', [
      ...(origin === undefined ? [] : [[`--origin=${origin}`]]),
      ...protocols.flatMap(each => each.split(',')).map(each => [`--subprotocol=${each.trim()}`]),
      ...others.map(({ name, value }) => [`--header=${name}: ${value}`]),
      [`--connect=${target}`],
    ]),
    omitted: fields
      .filter(({ name, value }) => value === undefined || !TOKEN.test(name))
      .map(({ name }) => name),
  }
}

/** Fields that curl adds of its own accord where a request has none. */
function unsentByCurl(names: readonly string[]): string[] {
  return ['Accept', 'User-Agent', 'Host'].filter(
    each => !names.some(name => name.toLowerCase() === each.toLowerCase()),
  )
}

/** Text of a value, masked when it is secret; `undefined` when it is none that a terminal can be trusted with. */
function valueOf({ name, value }: HeaderField, masks: boolean): string | undefined {
  if (masks && isSecretField(name)) return value.replaceAll(/[^ \t]/g, '*').replaceAll('\t', ' ')
  const bytes = Uint8Array.from(value, char => char.charCodeAt(0))
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(bytes)
      .replaceAll('\t', ' ')
    if (NOT_TEXT.test(text)) return undefined
    return masks ? maskParameters(text) : text
  } catch {
    return undefined
  }
}

/** What may stand in a URL stays; every other character becomes the percent-encoded bytes of its UTF-8. */
function percentEncoded(url: string): string {
  return url.replaceAll(/[^!#-;=?-[\]_a-z~]+/g, part =>
    Array.from(
      new TextEncoder().encode(part),
      byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  )
}

function line(program: string, groups: readonly (readonly string[])[]): string {
  return [program, ...groups.flat().map(quoted)].join(' ')
}

/** A word of a POSIX shell (§2.2.2): between single quotes only a single quote has a meaning. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
