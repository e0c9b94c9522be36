// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { installDebianPackage } from './debian.mjs'

/**
 * What tests run several instances with, beside nginx (`deployment-tools.mjs`). It is brought without its service: tests
 * start what they need, on ports of their own, and nothing is left running.
 */

/**
 * How a Redis server is started here: its program and the name that it is to be called by.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ file: string, argv0: string } | undefined}
 */
export function redisServer(env) {
  const argv0 = 'redis-server'
  // Debian's redis-tools have the whole server in them, which goes by its name.
  return ['redis-server', 'redis-check-rdb']
    .map(file => ({ file, argv0 }))
    .find(
      ({ file }) =>
        spawnSync(file, ['--version'], { env, argv0, timeout: 30_000, stdio: 'ignore' }).status === 0,
    )
}

/**
 * Brings Redis where it is missing and the distribution has it. Without it, or without nginx, the tests that need them are
 * skipped.
 * @param {object} options
 * @param {string} options.root
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function ensureRedis({ root, env, say }) {
  if (redisServer(env) !== undefined) return
  const output = existsSync('/usr/bin/apt-get')
    ? await installDebianPackage('redis-tools', { cwd: root, env, quiet: true }, say)
    : ''
  if (redisServer(env) !== undefined) return
  process.stderr.write(output)
  say(
    'SKIPPED: several instances are not tried together, as Redis is not here and could not be brought (Debian: apt-get install redis-tools).',
  )
}
