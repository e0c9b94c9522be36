import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { HOLD, type Holding } from './holding.ts'

const MAIN = {
  sandbox: '../../sandbox-server/main.ts',
  plain: './plain-server.ts',
  clocked: './clocked-sandbox.ts',
} as const
export type ServerKind = keyof typeof MAIN

interface Setting {
  /** Beside what every server gets. */
  readonly environment?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** File descriptors that it may have; as many as we unless given. */
  readonly files?: number
  /** Where its standard error stream goes: a file descriptor; kept for `strayLines` unless given. */
  readonly errors?: number
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A server in a process of its own, run as readers get it. */
export class ServerProcess {
  readonly port: number
  readonly child: ChildProcess
  /** What it said on its standard error stream that is no line of its log: warnings, and the exceptions it died of. */
  readonly strayLines: readonly string[]

  private constructor(child: ChildProcess, port: number, strayLines: readonly string[]) {
    this.child = child
    this.port = port
    this.strayLines = strayLines
  }

  /** Starts one on a free port of the loopback interface, and waits until it listens. */
  static async start(
    kind: ServerKind,
    { environment = {}, args = [], files, errors }: Setting = {},
  ): Promise<ServerProcess> {
    const command = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      `--import=${new URL('./probe.ts', import.meta.url).href}`,
      pathOf(MAIN[kind]),
      ...args,
    ]
    // Node takes as many as it may have at most, so the bound is set from outside.
    const bounded =
      files === undefined ? command : ['/bin/sh', '-c', `ulimit -n ${files}; exec "$0" "$@"`, ...command]
    const [program = '', ...rest] = bounded
    const child = spawn(program, rest, {
      env: { PATH: process.env['PATH'], PORT: '0', HOST: '127.0.0.1', ...environment },
      stdio: ['ignore', 'pipe', errors ?? 'pipe', 'ipc'],
    })
    const strayLines: string[] = []
    if (child.stderr)
      createInterface({ input: child.stderr }).on('line', line => {
        if (!line.startsWith('{"level"')) strayLines.push(line)
      })
    if (!child.stdout) throw new Error('a server without a standard output')
    const lines = createInterface({ input: child.stdout })
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`${kind} ended with ${String(code)} before it was ready: ${strayLines.join('\n')}`)
    })
    const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string]
    failed.catch(() => {})
    return new ServerProcess(child, Number(/:(\d+)\/$/.exec(line)?.[1]), strayLines)
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** What it holds now, garbage collected. */
  async holding(): Promise<Holding> {
    if (!this.isRunning) throw new Error(`the server has ended: ${this.strayLines.join('\n')}`)
    const told = once(this.child, 'message')
    this.child.send(HOLD)
    const [holding] = (await told) as [Holding]
    return holding
  }

  /** A value of its metrics, or the sum of those with different labels. */
  async metric(name: string, labels = ''): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text()
    return text
      .split('\n')
      .filter(line => line.startsWith(`anatomy_${name}`) && line.includes(labels))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }

  /** Ends it at once, as when its power is cut. */
  async kill(): Promise<void> {
    if (!this.isRunning) return
    const exit = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await exit
  }

  /** Ends it as an operator does; gives its exit code. */
  async stop(): Promise<number | null> {
    if (!this.isRunning) return this.child.exitCode
    const exit = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    const [code] = (await exit) as [number | null]
    return code
  }
}
