/** What the fragment of the inspector's address says: where to take a recording from, and what of it to open. */
export interface PageLink {
  /** A whole recording, packed. */
  readonly packed?: string
  /** Name of one of the course's recordings. */
  readonly sample?: string
  /** Key of a recording that another page of this browser has put down. */
  readonly handed?: string
  /** Which of the recording's connections, as readers count: from 1. */
  readonly connection?: number
  /** Number of an item, as readers count: from 1. */
  readonly item?: number
  /** Id of a span in it. */
  readonly span?: string
}

const KEYS = {
  packed: 'r',
  sample: 'sample',
  handed: 'from',
  connection: 'connection',
  item: 'item',
  span: 'span',
} as const

/** Reads a fragment, `#` included or not; what is not understood is left out. */
export function parseLink(fragment: string): PageLink {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const text = (key: 'packed' | 'sample' | 'handed' | 'span') => fields.get(KEYS[key]) ?? undefined
  const number = (key: 'connection' | 'item') => {
    const value = Number(fields.get(KEYS[key]) ?? Number.NaN)
    return Number.isSafeInteger(value) && value > 0 ? value : undefined
  }
  const [connection, item] = [number('connection'), number('item')]
  const [packed, sample, handed, span] = [text('packed'), text('sample'), text('handed'), text('span')]
  return {
    ...(packed !== undefined && { packed }),
    ...(sample !== undefined && { sample }),
    ...(handed !== undefined && { handed }),
    ...(connection !== undefined && { connection }),
    ...(item !== undefined && { item }),
    ...(span !== undefined && { span }),
  }
}

/** Writes a fragment with its `#`; empty when there is nothing to say. */
export function formatLink(link: PageLink): string {
  const fields = new URLSearchParams()
  for (const [name, key] of Object.entries(KEYS)) {
    const value = link[name as keyof PageLink]
    if (value !== undefined) fields.set(key, String(value))
  }
  // Spans' ids have colons in them, which a fragment may hold as they are (RFC 3986 §3.5).
  const text = fields.toString().replaceAll('%3A', ':')
  return text === '' ? '' : `#${text}`
}
