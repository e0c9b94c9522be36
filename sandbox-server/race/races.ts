import type { IncomingHttpHeaders } from 'node:http'
import type { RaceSettings } from '#contract/race.ts'
import type { Clock } from '../clock.ts'
import type { Dialled } from '../dialler.ts'
import { Race } from './race.ts'

/** Every race that is being run. */
export class Races {
  readonly #most: number
  readonly #clock: Clock
  readonly #dial: () => Promise<Dialled>
  readonly #running = new Set<Race>()

  /** @param most races at once */
  constructor(most: number, clock: Clock, dial: () => Promise<Dialled>) {
    this.#most = most
    this.#clock = clock
    this.#dial = dial
  }

  /** Begins a race; undefined when there are as many as there may be. `over` is called once, however it ends. */
  begin(
    settings: RaceSettings,
    headers: Readonly<Record<string, string>>,
    over: () => void,
  ): Race | undefined {
    if (this.#running.size >= this.#most) return undefined
    const race = new Race({ settings, headers, clock: this.#clock, dial: this.#dial })
    this.#running.add(race)
    void race.run().then(() => {
      this.#running.delete(race)
      over()
    })
    return race
  }

  stop(): void {
    for (const race of this.#running) race.stop()
  }
}

/** What a reader's browser sends with every request, as far as its request for the control channel tells. */
export function readerHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const own = {
    Host: headers.host,
    'User-Agent': headers['user-agent'],
    Accept: '*/*',
    Referer: headers.origin && `${headers.origin}/lessons/http-vs-websocket/`,
    'Accept-Encoding': headers['accept-encoding'],
    'Accept-Language': headers['accept-language'],
  }
  return Object.fromEntries(
    Object.entries(own).filter((field): field is [string, string] => typeof field[1] === 'string'),
  )
}
