/** What a field has to be. */
export interface Field<T> {
  /** In words, for the error. */
  readonly expected: string
  is(value: unknown): value is T
}
/** A field that may be left out. */
export interface OptionalField<T> extends Field<T> {
  readonly optional: true
}
/** Fields of an object by name. */
export type Shape = Readonly<Record<string, Field<unknown>>>

type OptionalNames<S extends Shape> = {
  [Name in keyof S]: S[Name] extends OptionalField<unknown> ? Name : never
}[keyof S]
type ValueOf<F> = F extends Field<infer T> ? T : never

/** An object of that shape. */
export type Shaped<S extends Shape> = {
  [Name in Exclude<keyof S, OptionalNames<S>>]: ValueOf<S[Name]>
} & { [Name in OptionalNames<S>]?: ValueOf<S[Name]> | undefined }

export const text: Field<string> = {
  expected: 'a string',
  is: value => typeof value === 'string',
}

/** Any number but NaN and the infinities. */
export const number: Field<number> = {
  expected: 'a number',
  is: (value): value is number => Number.isFinite(value),
}

export const integer: Field<number> = {
  expected: 'an integer',
  is: (value): value is number => Number.isInteger(value),
}

export const byteArray: Field<Uint8Array> = {
  expected: 'bytes',
  is: value => value instanceof Uint8Array,
}

export const notNegative: Field<number> = {
  expected: 'a number of at least 0',
  is: (value): value is number => number.is(value) && value >= 0,
}

/** An integer from 0. @param most inclusive */
export function upTo(most: number): Field<number> {
  return {
    expected: `an integer from 0 to ${most}`,
    is: (value): value is number => integer.is(value) && value >= 0 && value <= most,
  }
}

export function oneOf<const T extends readonly string[]>(values: T): Field<T[number]> {
  return {
    expected: values.map(value => JSON.stringify(value)).join(', '),
    is: (value): value is T[number] => values.some(each => each === value),
  }
}

export function optional<T>(field: Field<T>): OptionalField<T> {
  return { ...field, optional: true }
}

/**
 * Takes the fields of a shape out of a value; others are left behind.
 * @param refuse told the first field that is not as it has to be, and what it has to be; does not return
 */
export function shaped<S extends Shape>(
  shape: S,
  value: object,
  refuse: (field: string, expected: string) => never,
): Shaped<S> {
  const given: Readonly<Record<string, unknown>> = { ...value }
  const taken: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(shape)) {
    if (given[name] === undefined && 'optional' in field) continue
    if (!field.is(given[name])) refuse(name, field.expected)
    taken[name] = given[name]
  }
  return taken as Shaped<S>
}
