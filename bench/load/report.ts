import { availableParallelism, loadavg } from 'node:os'

/** Says what is promised, what was measured, and in the end what was not kept. */
export class Report {
  readonly #broken: string[] = []

  constructor(title: string) {
    // Whatever else the machine does is in the figures, and not to be seen in them.
    const [load = 0] = loadavg()
    console.log(`${title}; ${availableParallelism()} cores, load average at the start ${load.toFixed(1)}`)
    if (load > 1)
      console.log('Other work is running on this machine: times are worse than they would be without it.')
  }

  section(name: string): void {
    console.log(`\n${name}`)
  }

  /** What was measured and is promised by nobody. */
  figure(name: string, measured: string): void {
    console.log(`        ${name.padEnd(WIDTH)} ${measured}`)
  }

  promise(name: string, isKept: boolean, measured: string): void {
    console.log(`${isKept ? 'kept  ' : 'BROKEN'}  ${name.padEnd(WIDTH)} ${measured}`)
    if (!isKept) this.#broken.push(`${name}: ${measured}`)
  }

  /** The exit code. */
  end(): number {
    console.log(
      this.#broken.length === 0
        ? '\nEvery promise was kept.'
        : `\nNot kept:\n${this.#broken.map(each => `  ${each}`).join('\n')}`,
    )
    return this.#broken.length === 0 ? 0 : 1
  }
}

const WIDTH = 58
