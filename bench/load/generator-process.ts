import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Tally } from './attacks.ts'
import type { ReadersSetting, Waits } from './readers.ts'

/** What a generator does when it is asked to. */
export interface Work {
  /** Opens connections that say nothing. */
  readonly idle: (setting: {
    readonly port: number
    readonly path: string
    readonly count: number
  }) => Promise<void>
  /** How many of those answer. */
  readonly answering: (nothing?: undefined) => Promise<number>
  /** Opens readers, who talk from then on. */
  readonly read: (setting: ReadersSetting) => Promise<void>
  /** What became of their messages since this was asked last. */
  readonly waits: (nothing?: undefined) => Promise<Waits>
  /** They stop talking. */
  readonly stop: (nothing?: undefined) => Promise<void>
  /** All that it has opened is closed. */
  readonly leave: (nothing?: undefined) => Promise<void>
  /** Does what a fault says, so often a second for so long. */
  readonly attack: (setting: {
    readonly port: number
    readonly name: string
    readonly seconds: number
    readonly perSecond: number
  }) => Promise<Tally>
}

export interface Asked {
  readonly name: keyof Work
  readonly argument: unknown
}
export type Told = { readonly value: unknown } | { readonly error: string }

/** A process of its own that loads servers, one thing after the other. */
export class GeneratorProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<never>

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the generator ended with ${String(code)}`)
    })
    this.#ended.catch(() => {})
  }

  async ask<Name extends keyof Work>(
    name: Name,
    argument?: Parameters<Work[Name]>[0],
  ): Promise<Awaited<ReturnType<Work[Name]>>> {
    const answer = new Promise<Told>(resolve => this.#child.once('message', (told: Told) => resolve(told)))
    this.#child.send({ name, argument } satisfies Asked)
    const told = await Promise.race([answer, this.#ended])
    if ('error' in told) throw new Error(told.error)
    return told.value as Awaited<ReturnType<Work[Name]>>
  }

  end(): void {
    this.#child.disconnect()
  }
}
