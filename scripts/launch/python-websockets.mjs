// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { installDebianPackage } from './debian.mjs'

/**
 * A Python that has the package websockets; a virtual environment's may lack what the distribution's has.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function pythonWithWebsockets(env) {
  return ['python3', '/usr/bin/python3'].find(
    python =>
      spawnSync(python, ['-c', 'import websockets'], { env, timeout: 30_000, stdio: 'ignore' }).status === 0,
  )
}

/**
 * Installs Python's websockets where it is missing and the distribution has it. Without it the tests that need it are
 * skipped.
 * @param {object} options
 * @param {string} options.root
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function ensurePythonWebsockets({ root, env, say }) {
  if (pythonWithWebsockets(env) !== undefined) return
  const output = existsSync('/usr/bin/apt-get')
    ? await installDebianPackage('python3-websockets', { cwd: root, env, quiet: true }, say)
    : ''
  if (pythonWithWebsockets(env) !== undefined) return
  process.stderr.write(output)
  say(
    'SKIPPED: the codec is not compared with Python’s websockets, which is not here and could not be installed (Debian: apt-get install python3-websockets).',
  )
}
