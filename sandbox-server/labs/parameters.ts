/** A number that a lab's URL may set. */
export interface NumberParameter {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly usual: number
}

/** Reads a number from a lab's query: what is no number counts as not there, what is out of bounds as the bound. */
export function readNumber(query: URLSearchParams, { name, least, most, usual }: NumberParameter): number {
  const value = query.get(name)
  if (value === null || !/^\d{1,9}$/.test(value)) return usual
  return Math.min(Math.max(Number(value), least), most)
}
