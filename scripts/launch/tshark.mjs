// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { installDebianPackage } from './debian.mjs'

/** Programs of Wireshark that tests hold ours against. */
const PROGRAMS = ['tshark', 'dumpcap', 'text2pcap']

/**
 * Whether Wireshark's command-line programs run here.
 * @param {NodeJS.ProcessEnv} env
 */
export function hasTshark(env) {
  return PROGRAMS.every(
    name => spawnSync(name, ['--version'], { env, timeout: 30_000, stdio: 'ignore' }).status === 0,
  )
}

/**
 * Installs tshark where it is missing and the distribution has it. Without it the tests that need it are skipped.
 * @param {object} options
 * @param {string} options.root
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function ensureTshark({ root, env, say }) {
  if (hasTshark(env)) return
  const output = existsSync('/usr/bin/apt-get')
    ? await installDebianPackage('tshark', { cwd: root, env, quiet: true }, say)
    : ''
  if (hasTshark(env)) return
  process.stderr.write(output)
  say(
    'SKIPPED: nothing is compared with tshark, which is not here and could not be installed (Debian: apt-get install tshark).',
  )
}
