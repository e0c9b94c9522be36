import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A server process of ours, on a free port of the loopback interface. */
export interface RunningCourse {
  /** With a trailing slash. */
  readonly url: string
  readonly child: ChildProcess
  /** SIGTERM, and the exit code when it is gone. */
  stop(): Promise<number | null>
}

/**
 * Starts `sandbox-server/main.ts` and waits for its line.
 * @param site folder of a built site, or undefined for the sandbox alone
 */
export async function startCourse(
  site: string | undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningCourse> {
  const main = new URL('../../sandbox-server/main.ts', import.meta.url).pathname
  const child = spawn(
    process.execPath,
    [decodeURIComponent(main), ...(site === undefined ? [] : ['--site', site])],
    {
      env: { ...process.env, PORT: '0', HOST: '127.0.0.1', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const lines = createInterface({ input: child.stdout })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the server ended with ${String(code)} before it was ready`)
  })
  const [line] = await Promise.race([once(lines, 'line'), failed])
  failed.catch(() => {})
  const url = /(http|ws):\/\/\S+/.exec(String(line))?.[0]
  if (url === undefined) throw new Error(`no address in "${String(line)}"`)
  return {
    url: url.replace(/^ws/, 'http'),
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = await exit
      return typeof code === 'number' ? code : null
    },
  }
}
