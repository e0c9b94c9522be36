import { BrowserSession, type BrowserSessionOptions } from '../../inspector/sources/browser-session.ts'
import type { LiveSource } from '../../inspector/sources/live-source.ts'
import type { CapturedConnection } from '../../wire/captured-connection.ts'
import type { LabQuery, LabState } from '../../wire/lab-session.ts'

/** Several WebSockets of this page to one lab. */
export class Seats implements LiveSource {
  readonly kind = 'browser'
  readonly role = 'client'
  readonly player = undefined
  readonly script = undefined
  /** By the number of the seat; undefined where nobody has sat yet. */
  readonly sitting: (BrowserSession | undefined)[] = []
  readonly #optionsOf: (seat: number) => BrowserSessionOptions

  /** @param optionsOf what a seat's session is made with, when it is first taken */
  constructor(optionsOf: (seat: number) => BrowserSessionOptions) {
    this.#optionsOf = optionsOf
  }

  get state(): LabState {
    const states = this.sitting.flatMap(each => each?.state ?? [])
    const worst = (['absent', 'connecting', 'live', 'ended'] as const).find(state => states.includes(state))
    return worst ?? 'waiting'
  }

  get absence() {
    return this.sitting.find(each => each?.absence !== undefined)?.absence
  }

  get connection(): CapturedConnection | undefined {
    return this.connections.at(-1)
  }

  get connections(): readonly CapturedConnection[] {
    return this.sitting.flatMap(each => each?.connection ?? [])
  }

  async take(seat: number, query: LabQuery): Promise<void> {
    const session = (this.sitting[seat] ??= new BrowserSession(this.#optionsOf(seat)))
    await session.connect([], query)
  }

  dispose(): void {
    for (const each of this.sitting) each?.dispose()
  }
}
