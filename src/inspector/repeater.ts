import { Pacer } from './pacer.ts'
import type { Say } from './speak.ts'

/** Between two looks at what is due, in milliseconds: browsers' timers go no finer. */
const TICK_MS = 4

/** Says the same again and again at a rate, until it has been said often enough or is stopped. */
export class Repeater {
  readonly #onChange: () => void
  readonly #now: () => number
  #pacer: Pacer | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  /** Why it stopped, when something was wrong. */
  fault: string | undefined

  constructor(onChange: () => void, now: () => number = () => performance.now()) {
    this.#onChange = onChange
    this.#now = now
  }

  get running(): boolean {
    return this.#timer !== undefined
  }

  /** How many were said. */
  get said(): number {
    return this.#pacer?.sent ?? 0
  }

  /** @param goOn false when nothing can be said any more */
  start(say: Say, rate: number, total: number, goOn: () => boolean): void {
    this.stop()
    this.fault = undefined
    const pacer = new Pacer(rate, total, this.#now())
    this.#pacer = pacer
    this.#timer = setInterval(() => {
      if (!goOn()) {
        this.stop()
        return
      }
      const before = pacer.sent
      const due = pacer.due(this.#now())
      for (let index = 0; index < due; index++) {
        const wrong = say(before + index)
        if (!wrong) continue
        this.fault = wrong.fault
        this.stop()
        return
      }
      if (pacer.done) this.stop()
      else if (due > 0) this.#onChange()
    }, TICK_MS)
    this.#onChange()
  }

  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#onChange()
  }
}
