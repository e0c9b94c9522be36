/** What an EventSource told the page, or the page did. */
export interface Heard {
  readonly what: 'new' | 'open' | 'message' | 'error' | 'close()'
  readonly detail: string
  /** Milliseconds since the EventSource was made. */
  readonly at: number
}

/** How many of these a page keeps. */
const KEPT = 60

/** An EventSource of this page, and what was heard of it. Calls back after every event. */
export class Listening {
  heard: readonly Heard[] = []
  readonly #source: EventSource
  readonly #started = performance.now()
  readonly #changed: () => void

  constructor(url: string, changed: () => void) {
    this.#changed = changed
    this.#source = new EventSource(url)
    this.#note('new', new URL(url).search)
    this.#source.addEventListener('open', () => this.#note('open', ''))
    this.#source.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) =>
      this.#note('message', `“${data}” · id ${lastEventId}`),
    )
    this.#source.addEventListener('error', () =>
      this.#note(
        'error',
        this.#source.readyState === EventSource.CLOSED ? '다시 연결하지 않습니다' : '곧 다시 연결합니다',
      ),
    )
  }

  get over(): boolean {
    return this.#source.readyState === EventSource.CLOSED
  }

  /** It was never open and never will be. */
  get failed(): boolean {
    return this.over && this.heard.every(({ what }) => what === 'new' || what === 'error')
  }

  close(): void {
    if (this.over) return
    this.#source.close()
    this.#note('close()', '')
  }

  #note(what: Heard['what'], detail: string): void {
    this.heard = [...this.heard, { what, detail, at: performance.now() - this.#started }].slice(-KEPT)
    this.#changed()
  }
}
