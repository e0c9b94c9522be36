// @ts-check
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
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

/**
 * Downloads a package of Debian or Ubuntu, with those it needs that are missing here, and unpacks them into a folder.
 * Nothing is installed, no service begins, and no rights are needed.
 * @param {string} name
 * @param {string} folder
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @param {(line: string) => void} say
 * @returns {Promise<string>} what was printed
 */
export async function unpackDebianPackage(name, folder, { cwd, env }, say) {
  say(`Unpacking the package ${name} of the distribution…`)
  rmSync(folder, { recursive: true, force: true })
  const archives = join(folder, 'archives')
  const lists = join(folder, 'lists')
  for (const each of [archives, lists]) mkdirSync(join(each, 'partial'), { recursive: true })
  const options = { cwd, env, quiet: true }
  // Its own places, so that anybody may write there; the lists of the system are read where they will do.
  const own = [
    '-o',
    'Debug::NoLocking=1',
    '-o',
    `Dir::Cache=${folder}`,
    '-o',
    `Dir::Cache::archives=${archives}`,
  ]
  const ownLists = ['-o', `Dir::State::lists=${lists}`]
  const download = ['install', '--download-only', '--reinstall', '-y', '--no-install-recommends', name]
  const first = await run('apt-get', [...own, ...download], options)
  let output = first.output
  if (!first.ok) {
    output += (await run('apt-get', [...own, ...ownLists, 'update'], options)).output
    output += (await run('apt-get', [...own, ...ownLists, ...download], options)).output
  }
  for (const file of readdirSync(archives).filter(each => each.endsWith('.deb')))
    output += (await run('dpkg-deb', ['-x', join(archives, file), folder], options)).output
  for (const each of [archives, lists]) rmSync(each, { recursive: true, force: true })
  return output
}
