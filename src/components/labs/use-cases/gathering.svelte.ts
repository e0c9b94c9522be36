import { readTold } from '#contract/gathering.ts'
import type { Words } from './demos.ts'
import { gather, NOTHING_YET, type Gathered } from './gathered.ts'

/** What a room has told one seat, or has told in a recording. */
export function gatheringOf(recorded: () => readonly Words[] | undefined) {
  let live: Gathered = $state.raw(NOTHING_YET)
  const replayed = $derived(recorded()?.reduce(hearing, NOTHING_YET))
  return {
    get shown(): Gathered {
      return replayed ?? live
    },
    hear(words: Words): void {
      live = hearing(live, words)
    },
  }
}

function hearing(before: Gathered, words: Words): Gathered {
  const told = typeof words === 'string' ? readTold(words) : undefined
  return told ? gather(before, told, performance.now()) : before
}
