/** What the `close` event told JavaScript. */
export interface ToldAtClose {
  readonly code: number
  readonly wasClean: boolean
  /** As it stands in the script's line: quoted, and cut when it is long; empty when there was none. */
  readonly reason: string
}

const DETAIL = /^code (\d{1,5})(?: · (.*))? · wasClean (true|false)$/s

/** Reads the line that `LabSession` writes for a `close` event; undefined for any other text. */
export function toldAtClose(detail: string): ToldAtClose | undefined {
  const [, code, reason = '', wasClean] = DETAIL.exec(detail) ?? []
  return code === undefined ? undefined : { code: Number(code), reason, wasClean: wasClean === 'true' }
}
