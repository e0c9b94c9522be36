import type { TraceItem } from '#protocol/trace.ts'
import { valueIn } from '../../content/wire-value.ts'

/**
 * The value at a path, as `recordedValue` reads it. Of a frame it is the one of the first frame of that side with that
 * payload (hexadecimal): a reader may have sent something else before.
 */
export function ownValue(
  items: readonly TraceItem[],
  path: string,
  payload: string | undefined,
): string | undefined {
  const [, side, ofFrame] = /^(client|server)\.frame\.\d+\.(.+)$/.exec(path) ?? []
  if (side === undefined || ofFrame === undefined) return valueIn(items, path)?.text
  for (let index = 0; ; index++) {
    const found = valueIn(items, `${side}.frame.${index}.payload`)
    if (!found) return undefined
    if (found.text === payload) return valueIn(items, `${side}.frame.${index}.${ofFrame}`)?.text
  }
}
