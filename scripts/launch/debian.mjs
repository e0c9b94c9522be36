// @ts-check
import { spawnSync } from 'node:child_process'
import { run } from './run.mjs'

/** Words before a command that needs the rights of the administrator; undefined when they cannot be had unasked. */
export function administrator() {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}

/**
 * Installs a package of Debian or Ubuntu, if that can be done without asking anybody.
 * @param {string} name
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, quiet: boolean }} options
 * @param {(line: string) => void} say
 * @returns {Promise<string>} what was printed
 */
export async function installDebianPackage(name, options, say) {
  const prefix = administrator()
  if (prefix === undefined) return `Not allowed to install the package ${name} with apt-get.\n`
  say(`Installing the package ${name} with apt-get…`)
  const aptGet = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  let printed = ''
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    const [command = '', ...args] = [...aptGet, ...words]
    printed += (await run(command, args, options)).output
  }
  return printed
}
