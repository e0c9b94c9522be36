/** One element of `Sec-WebSocket-Extensions` (RFC 6455 §9.1), as offered or as agreed. */
export interface Extension {
  readonly name: string
  /** In order; a parameter without `=` has no value. Quoted values come without their quotes. */
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[]
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+"
const PARAMETER = new RegExp(
  `^[ \\t]*;[ \\t]*(${TOKEN})(?:[ \\t]*=[ \\t]*(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?`,
)
const NAME = new RegExp(`^[ \\t]*(${TOKEN})`)
const WHOLE_TOKEN = new RegExp(`^${TOKEN}$`)

/** True for a `token` of RFC 9110 §5.6.2: what subprotocols and extensions are named with. */
export function isToken(text: string): boolean {
  return WHOLE_TOKEN.test(text)
}

/**
 * Reads the value of `Sec-WebSocket-Extensions`, several fields joined by commas.
 * @returns `undefined` when it does not follow the grammar of §9.1
 */
export function parseExtensions(value: string): Extension[] | undefined {
  const extensions: Extension[] = []
  let rest = value
  for (;;) {
    rest = rest.replace(/^[ \t,]+/, '')
    if (rest === '') return extensions.length > 0 ? extensions : undefined
    const name = NAME.exec(rest)
    if (!name) return undefined
    rest = rest.slice(name[0].length)
    const parameters: [string, string | undefined][] = []
    for (let match = PARAMETER.exec(rest); match; match = PARAMETER.exec(rest)) {
      const quoted = match[3]?.replace(/\\(.)/g, '$1')
      // "the value after quoted-string unescaping MUST conform to the 'token' ABNF" (§9.1)
      if (quoted !== undefined && !isToken(quoted)) return undefined
      parameters.push([match[1] ?? '', match[2] ?? quoted])
      rest = rest.slice(match[0].length)
    }
    extensions.push({ name: name[1] ?? '', parameters })
    rest = rest.replace(/^[ \t]+/, '')
    if (rest !== '' && !rest.startsWith(',')) return undefined
  }
}

/** Writes one element as `parseExtensions` reads it. */
export function formatExtension(extension: Extension): string {
  return [
    extension.name,
    ...extension.parameters.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)),
  ].join('; ')
}
