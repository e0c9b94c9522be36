import { breathe } from './slices.ts'

/** What the worker is asked: which of the texts the pattern is found in. */
export interface PatternTask {
  readonly pattern: RegExp
  readonly texts: readonly string[]
}
/** For every text whether it is; once at the beginning for none, when the worker is ready. */
export type PatternAnswer = readonly boolean[]
/** Why there is no answer: it took too long, there is no worker to be had, or another task came. */
export type NoAnswer = 'too-slow' | 'unavailable' | 'stopped'

/** The part of a Worker that is used. */
export interface PatternWorker {
  onmessage: ((event: MessageEvent<PatternAnswer>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(task: PatternTask): void
  terminate(): void
}

/** How long one task may take, in milliseconds: thousands of times what an expression takes that does not backtrack. */
const LIMIT_MS = 2_000

const pageWorker = (): PatternWorker =>
  new Worker(new URL('./pattern-worker.ts', import.meta.url), { type: 'module' })

/** Holds regular expressions against texts without ever keeping the page from answering. */
export class PatternTester {
  readonly #create: () => PatternWorker
  readonly #limit: number
  #worker: PatternWorker | undefined
  #ready: Promise<void> | undefined
  /** Ends the task that is under way. */
  #end: ((outcome: PatternAnswer | NoAnswer) => void) | undefined

  constructor(create: () => PatternWorker = pageWorker, limit = LIMIT_MS) {
    this.#create = create
    this.#limit = limit
  }

  /** One task at a time: another one stops it. */
  async test(task: PatternTask): Promise<PatternAnswer | NoAnswer> {
    this.stop()
    const { promise, resolve } = Promise.withResolvers<PatternAnswer | NoAnswer>()
    const end = (outcome: PatternAnswer | NoAnswer) => {
      if (this.#end === end) this.#end = undefined
      resolve(outcome)
    }
    this.#end = end
    // Time counts from when the worker is there, however slowly it came.
    await Promise.race([this.#start(), promise])
    if (this.#end !== end) return promise
    const timer = setTimeout(() => void this.#giveUp(end), this.#limit)
    this.#worker?.postMessage(task)
    const outcome = await promise
    clearTimeout(timer)
    return outcome
  }

  /** Lets go of the task that is under way, and with it of a worker that nothing else could end. */
  stop(): void {
    if (!this.#end) return
    this.#drop()
    this.#end('stopped')
  }

  /** Ends the worker, until there is another task. */
  dispose(): void {
    this.stop()
    this.#drop()
  }

  async #giveUp(end: (outcome: NoAnswer) => void): Promise<void> {
    // Where the page itself was kept busy, the answer may be waiting behind this.
    await breathe()
    if (this.#end !== end) return
    this.#drop()
    end('too-slow')
  }

  #drop(): void {
    this.#worker?.terminate()
    this.#worker = this.#ready = undefined
  }

  /** Resolves when there is a worker; where there is none to be had, the task ends. */
  #start(): Promise<void> {
    if (this.#ready) return this.#ready
    const { promise, resolve } = Promise.withResolvers<void>()
    const worker = (this.#worker = this.#create())
    worker.onmessage = () => {
      worker.onmessage = ({ data }) => this.#end?.(data)
      resolve()
    }
    worker.onerror = () => {
      this.#drop()
      this.#end?.('unavailable')
    }
    return (this.#ready = promise)
  }
}
