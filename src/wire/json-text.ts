/** Deepest nesting that is drawn: lines are indented by it. */
const MAX_DEPTH = 100

/** Longest text that is tried as JSON, in UTF-16 units. */
const MAX_JSON_LENGTH = 512 * 1024

/**
 * JSON with a line to each member, its own tokens as they are: no number is rounded, no doubled key lost.
 * @returns `undefined` when the text is no JSON object or array, or longer or deeper than is tried
 */
export function prettyJson(text: string): string | undefined {
  if (text.length > MAX_JSON_LENGTH || !/^\s*[[{]/.test(text)) return undefined
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const lines: string[] = []
  let line = ''
  let depth = 0
  const breakLine = () => {
    lines.push(line)
    line = '  '.repeat(depth)
  }
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    if (token === '{' || token === '[') {
      line += token
      if (++depth > MAX_DEPTH) return undefined
      breakLine()
    } else if (token === '}' || token === ']') {
      depth--
      // An empty one stays on its line.
      const opened = lines.at(-1)
      if (line.trim() === '' && opened !== undefined && /[[{]$/.test(opened)) {
        lines.pop()
        line = opened + token
      } else {
        breakLine()
        line += token
      }
    } else if (token === ',') {
      line += token
      breakLine()
    } else line += token === ':' ? ': ' : token
  }
  lines.push(line)
  return lines.join('\n')
}
