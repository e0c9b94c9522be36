import { sectionLink } from './rfc.ts'

/** Where IANA keeps the close codes. */
const CLOSE_CODE_REGISTRY = 'https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number'

/** Address of what a table of the code cites: `RFC 6455 §7.4.1`, or `IANA` for its registry of close codes. */
export function citationLink(citation: string): string {
  if (citation === 'IANA') return CLOSE_CODE_REGISTRY
  const [, rfc = '', section] = /^RFC (\d+)(?: §(\S+))?$/.exec(citation) ?? []
  if (rfc === '') throw new Error(`“${citation}” cites no RFC`)
  return sectionLink(rfc, section)
}
