/** One axis of a plot, and the round numbers that are marked on it. */
export interface PlotScale {
  readonly from: number
  readonly to: number
  readonly marks: readonly number[]
}

/** In steps: 0.6 is nearly three times 0.2. */
const NEAR = 1e-9

/** A scale from `least` to `most` exactly, with about `count` marks, or fewer. */
export function scaleOver(least: number, most: number, count: number): PlotScale {
  const to = most > least ? most : least + 1
  const step = roundStep((to - least) / count)
  return {
    from: least,
    to,
    marks: marksOf(Math.ceil(least / step - NEAR), Math.floor(to / step + NEAR), step),
  }
}

/** A scale that holds `least`, `most` and zero, and begins and ends with a mark. */
export function scaleAround(least: number, most: number, count: number): PlotScale {
  const low = Math.min(least, 0)
  const high = low < 0 || most > 0 ? Math.max(most, 0) : 1
  const step = roundStep((high - low) / count)
  const marks = marksOf(Math.floor(low / step + NEAR), Math.ceil(high / step - NEAR), step)
  return { from: marks.at(0) ?? low, to: marks.at(-1) ?? high, marks }
}

/** The next of 1, 2, 5, 10, 20, 50 … from there on. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find(each => each * power >= least) ?? 10)
}

function marksOf(first: number, last: number, step: number): number[] {
  // Steps below one multiply to numbers like 0.30000000000000004.
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}
