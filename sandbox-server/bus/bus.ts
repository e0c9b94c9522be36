import type { BusState } from '#contract/events.ts'

/** One listener on a channel. */
export interface Subscription {
  /** Its number among those of its bus, from 1. */
  readonly number: number
  /** Settles when whatever is published from then on is heard, or when there is nobody to hear. */
  readonly active: Promise<void>
  end(): void
}

/**
 * Carries bytes on named channels between the instances of a sandbox. What is published is heard at most once, and in
 * order: nothing is kept for who is not there.
 */
export interface Bus {
  /** What tells this instance from the others. */
  readonly instance: string
  /** `local`: this process is all there is. `lost`: there are others, and they cannot be reached now. */
  readonly state: BusState
  /** Takes no more for now: who can hold back what there is to publish is to do so. */
  readonly isFull: boolean
  /** @param by the subscription of whoever publishes, which does not hear it */
  publish(channel: string, bytes: Uint8Array, by?: Subscription): void
  subscribe(channel: string, listener: (bytes: Buffer) => void): Subscription
  /** How many instances listen on a channel, this one among them; none when that cannot be said. */
  audience(channel: string): Promise<number>
  /** Calls back when `state` or `isFull` has become another. Returns how to stop listening. */
  onChange(listener: () => void): () => void
  /** What was published before is still sent. */
  close(): Promise<void>
}

/** Subscriptions of one instance, by channel. */
export class Subscriptions {
  readonly #channels = new Map<string, Map<number, (bytes: Buffer) => void>>()
  #numbers = 0

  get channels(): Iterable<string> {
    return this.#channels.keys()
  }

  has(channel: string): boolean {
    return this.#channels.has(channel)
  }

  /** Gives the number of a new one, and how to end it. */
  add(channel: string, listener: (bytes: Buffer) => void): { number: number; end: () => void } {
    const number = ++this.#numbers
    const listeners = this.#channels.get(channel) ?? new Map<number, (bytes: Buffer) => void>()
    this.#channels.set(channel, listeners.set(number, listener))
    return {
      number,
      end: () => {
        if (listeners.delete(number) && listeners.size === 0) this.#channels.delete(channel)
      },
    }
  }

  /** @param but number of the one that does not hear it */
  hear(channel: string, bytes: Buffer, but: number | undefined): void {
    for (const [number, listener] of this.#channels.get(channel) ?? []) if (number !== but) listener(bytes)
  }
}

/** The bus of a sandbox that is alone: whoever subscribes is in this process. */
export class LocalBus implements Bus {
  readonly instance = ''
  readonly state = 'local'
  readonly isFull = false
  readonly #subscriptions = new Subscriptions()

  publish(channel: string, bytes: Uint8Array, by?: Subscription): void {
    this.#subscriptions.hear(channel, Buffer.from(bytes), by?.number)
  }

  subscribe(channel: string, listener: (bytes: Buffer) => void): Subscription {
    return { ...this.#subscriptions.add(channel, listener), active: Promise.resolve() }
  }

  audience(channel: string): Promise<number> {
    return Promise.resolve(this.#subscriptions.has(channel) ? 1 : 0)
  }

  onChange(): () => void {
    return () => {}
  }

  async close(): Promise<void> {}
}
