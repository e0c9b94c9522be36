import type { HeaderField } from '#protocol/http-head.ts'

/** How a header of one request stands to the same of another. Names are the same whatever their case. */
export type FieldDifference = 'none' | 'value' | 'spelling' | 'mine-only' | 'theirs-only'

export interface ComparedField {
  /** As I write it; as they do, where I have none. */
  readonly name: string
  /** Values of a name that comes more than once, `, ` between them; undefined where it does not come. */
  readonly mine: string | undefined
  readonly theirs: string | undefined
  readonly difference: FieldDifference
}

export interface ComparedHeads {
  /** In the order of mine; what only they send is last. */
  readonly fields: readonly ComparedField[]
  /** Whether the headers that both send come in the same order. */
  readonly sameOrder: boolean
}

/** Two heads of the same kind, header by header. */
export function compareHeads(mine: WithFields, theirs: WithFields): ComparedHeads {
  const [my, their] = [valuesByName(mine), valuesByName(theirs)]
  const names = [...new Set([...my.keys(), ...their.keys()])]
  const common = (of: ReadonlyMap<string, unknown>) =>
    [...of.keys()].filter(key => my.has(key) && their.has(key))
  return {
    fields: names.map(key => compared(my.get(key), their.get(key))),
    sameOrder: common(my).join() === common(their).join(),
  }
}

interface WithFields {
  readonly fields: readonly HeaderField[]
}

interface Sent {
  readonly name: string
  readonly value: string
}

function compared(mine: Sent | undefined, theirs: Sent | undefined): ComparedField {
  return {
    name: mine?.name ?? theirs?.name ?? '',
    mine: mine?.value,
    theirs: theirs?.value,
    difference: differenceOf(mine, theirs),
  }
}

function differenceOf(mine: Sent | undefined, theirs: Sent | undefined): FieldDifference {
  if (mine === undefined) return 'theirs-only'
  if (theirs === undefined) return 'mine-only'
  if (mine.value !== theirs.value) return 'value'
  return mine.name === theirs.name ? 'none' : 'spelling'
}

function valuesByName({ fields }: WithFields): Map<string, Sent> {
  const sent = new Map<string, Sent>()
  for (const { name, value } of fields) {
    const before = sent.get(name.toLowerCase())
    sent.set(
      name.toLowerCase(),
      before ? { name: before.name, value: `${before.value}, ${value}` } : { name, value },
    )
  }
  return sent
}
