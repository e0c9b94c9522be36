// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { unpackDebianPackage } from './debian.mjs'

/**
 * What tests try the files of `deploy/` with, and several instances: programs of Debian's packages, and how each is asked whether it runs.
 * @type {Readonly<Record<string, { package: string, ask: readonly string[] }>>}
 */
const TOOLS = {
  nginx: { package: 'nginx', ask: ['-v'] },
  caddy: { package: 'caddy', ask: ['version'] },
  'systemd-analyze': { package: 'systemd', ask: ['--version'] },
}

/**
 * A program, with the folder that its package was unpacked into: `/` where it is installed.
 * @typedef {{ command: string, root: string, env: NodeJS.ProcessEnv }} Tool
 */

/**
 * @param {string} project
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Tool | undefined}
 */
export function findDeploymentTool(project, name, env) {
  const unpacked = unpackedFolder(project, name)
  const theirs = { ...env, LD_LIBRARY_PATH: libraryFolders(unpacked).join(delimiter) }
  // Servers stand where only the administrator's path leads.
  const installed = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin']
  return [
    ...installed.map(folder => ({ command: join(folder, name), root: '/', env })),
    ...['usr/sbin', 'usr/bin', 'bin'].map(folder => ({
      command: join(unpacked, folder, name),
      root: unpacked,
      env: theirs,
    })),
  ].find(
    tool =>
      existsSync(tool.command) &&
      spawnSync(tool.command, TOOLS[name]?.ask, { env: tool.env, timeout: 30_000, stdio: 'ignore' })
        .status === 0,
  )
}

/**
 * Debian keeps the libraries of each processor apart, and those of systemd in a folder within.
 * @param {string} unpacked
 */
function libraryFolders(unpacked) {
  return ['lib', 'usr/lib']
    .map(each => join(unpacked, each))
    .filter(existsSync)
    .flatMap(folder => readdirSync(folder).map(each => join(folder, each)))
    .flatMap(folder => [folder, join(folder, 'systemd')])
}

/** @param {string} project @param {string} name */
function unpackedFolder(project, name) {
  return join(project, '.cache', 'debian', name)
}

/**
 * Brings what is missing of these, where the distribution has it. Without it the tests that need it fail on CI, and
 * elsewhere are skipped.
 * @param {object} options
 * @param {string} options.root
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function ensureDeploymentTools({ root, env, say }) {
  for (const name of Object.keys(TOOLS)) {
    if (findDeploymentTool(root, name, env) !== undefined) continue
    const folder = unpackedFolder(root, name)
    const output = existsSync('/usr/bin/apt-get')
      ? await unpackDebianPackage(TOOLS[name]?.package ?? name, folder, { cwd: root, env }, say)
      : ''
    if (findDeploymentTool(root, name, env) !== undefined) continue
    process.stderr.write(output)
    say(`SKIPPED: nothing is tried with ${name}, which is not here and could not be had.`)
  }
}
