import * as v from 'valibot'
import { damaged } from './recording-error.ts'

/**
 * What a schema makes of a value.
 * @param where the value stands, as a path that the schema's own is added to
 * @throws RecordingError naming the first field that does not fit; the others may be millions
 */
export function validated<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  where: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw damaged([where, v.getDotPath(issue) ?? ''].filter(part => part !== '').join('.'), issue.message)
}
