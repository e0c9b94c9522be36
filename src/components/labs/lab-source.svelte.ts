import type { LiveSource, ToldAtClose } from '../../inspector/sources/live-source.ts'
import type { Absence } from '../../sandbox/absence.ts'
import { followPresence } from '../../sandbox/page-channel.ts'
import type { CapturedConnection } from '../../wire/captured-connection.ts'
import type { LabState } from '../../wire/lab-session.ts'
import { publishWire } from '../../wire/page-wire.ts'

/** Connections that a lab remembers, for missions that need more than one. */
const REMEMBERED = 32

/**
 * A lab's live source as its views and its missions see it. Sources are plain objects that change in place: each is
 * given `changed` as its `onChange`, and whatever is read here is read anew after every change.
 */
export class LabSource<S extends LiveSource = LiveSource> {
  readonly #name: string
  /** The source is plain; this counter tells the views that something in it changed. */
  #revision = $state(0)
  #source: S | undefined
  #connections: CapturedConnection[] = []
  #before = 0
  /** The sandbox was there again since the source found none. */
  #isBack = false

  /** @param name of the lab in its page; missions know it by that */
  constructor(name: string) {
    this.#name = name
  }

  /** Something in the source has changed. */
  readonly changed = (): void => {
    const { connection, connections = connection === undefined ? [] : [connection] } = this.#source ?? {}
    for (const each of connections) {
      if (this.#connections.includes(each)) continue
      this.#connections.push(each)
      if (this.#connections.length > REMEMBERED) {
        this.#connections.shift()
        this.#before++
      }
    }
    this.#revision++
    publishWire(this.#name, {
      connections: this.#connections,
      before: this.#before,
      absent: this.#stateOf(this.#source) === 'absent',
    })
  }

  /** Shows another source from now on, and ends the former. */
  show(source: S): S {
    if (source !== this.#source) this.#source?.dispose()
    this.#source = source
    this.changed()
    return source
  }

  /** Reads anything that changes with the source. */
  read<T>(read: (source: S | undefined) => T): T {
    void this.#revision
    return read(this.#source)
  }

  get current(): S | undefined {
    return this.read(source => source)
  }

  get state(): LabState {
    return this.read(source => this.#stateOf(source))
  }

  /** The sandbox went away from the source and has come back: the reader may go on. */
  get isBack(): boolean {
    return this.read(source => source?.state === 'absent' && this.#isBack)
  }

  #stateOf(source: S | undefined): LabState {
    const state = source?.state ?? 'waiting'
    if (state !== 'absent' || !this.#isBack) return state
    return source?.connection === undefined ? 'waiting' : 'ended'
  }

  get absence(): Absence | undefined {
    return this.read(source => source?.absence)
  }

  get connection(): CapturedConnection | undefined {
    return this.read(source => source?.connection)
  }

  /** What was captured since the page was opened, oldest first. */
  get connections(): readonly CapturedConnection[] {
    return this.read(() => [...this.#connections])
  }

  /** Milliseconds to the browser's `open` event; undefined where no browser's WebSocket takes part, or before it. */
  get openedIn(): number | undefined {
    return this.read(source => source?.script?.openedIn)
  }

  /** What the browser told JavaScript at the end. */
  get closed(): ToldAtClose | undefined {
    return this.read(source => source?.script?.closed)
  }

  /** Ends what is live when the page is left or the lab taken away; for `onMount`. */
  readonly untilLeft = (): (() => void) => {
    const leave = () => this.#source?.dispose()
    addEventListener('pagehide', leave)
    const unfollow = followPresence(isThere => {
      this.#isBack = isThere && this.#source?.state === 'absent'
      this.changed()
    })
    return () => {
      unfollow()
      removeEventListener('pagehide', leave)
      leave()
    }
  }
}
