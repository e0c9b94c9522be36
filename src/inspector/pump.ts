import type { Inspector } from './inspector.ts'

/** Draws the inspector once per animation frame, however much has changed since, and works on between frames. */
export class Pump {
  readonly #inspector: () => Inspector
  readonly #draw: () => void
  #scheduled: number | undefined
  #last = 0
  #working = false
  #stopped = false

  constructor(inspector: () => Inspector, draw: () => void) {
    this.#inspector = inspector
    this.#draw = draw
  }

  /** Something has changed. */
  request(): void {
    if (this.#stopped) return
    this.#scheduled ??= requestAnimationFrame(now => this.#frame(now))
  }

  stop(): void {
    this.#stopped = true
    if (this.#scheduled !== undefined) cancelAnimationFrame(this.#scheduled)
  }

  #frame(now: number): void {
    this.#scheduled = undefined
    const passed = this.#last === 0 ? 0 : now - this.#last
    const more = this.#inspector().advance(passed)
    this.#draw()
    this.#last = more ? now : 0
    if (more) this.request()
    if (!this.#inspector().settled) void this.#work()
  }

  /** A filter over a long session: slice after slice, so that typing and scrolling are answered meanwhile. */
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    await this.#inspector().settle()
    this.#working = false
    this.request()
  }
}
