import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findDeploymentTool } from '../../../scripts/launch/deployment-tools.mjs'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export interface Tool {
  readonly command: string
  /** Where its package was unpacked; `/` when it is installed. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * A program of Debian's. On CI there has to be one; elsewhere what is tried with it is skipped, and that is said.
 * @throws Error on CI, when it can not be had
 */
export function deploymentTool(name: string): Tool | undefined {
  const tool = findDeploymentTool(ROOT, name, process.env)
  if (tool !== undefined) return tool
  const sentence = `nothing of deploy/ is tried with ${name}, which is not here and could not be had`
  if (process.env['CI']) throw new Error(sentence)
  console.warn(`SKIPPED: ${sentence}`)
  return undefined
}

export interface RunningServer {
  readonly child: ChildProcess
  stop(): Promise<void>
}

/** Starts a program and waits for the line on which it says that it listens. */
export async function startServer(
  { command, env }: Tool,
  args: readonly string[],
  ready: RegExp,
  { cwd, more = {} }: { cwd: string; more?: Readonly<Record<string, string>> },
): Promise<RunningServer> {
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...nobody(ROOT),
  })
  const lines = createInterface({ input: child.stderr })
  const printed: string[] = []
  const exit = once(child, 'exit')
  const listens = new Promise<void>((resolve, reject) => {
    lines.on('line', line => {
      printed.push(line)
      if (ready.test(line)) resolve()
    })
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`${command} ended:\n${printed.join('\n')}`)))
  })
  await listens
  return {
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await exit
    },
  }
}

const NOBODY = 65_534

/** Who has no rights: for the administrator the user `nobody`, where that may read the folder, else whoever we are. */
export function nobody(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const user = { uid: NOBODY, gid: NOBODY }
  return spawnSync('test', ['-r', folder], user).status === 0 ? user : {}
}
