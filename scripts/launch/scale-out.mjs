// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installDebianPackage } from './debian.mjs'
import { run } from './run.mjs'

/**
 * Programs that tests run several instances with, as themselves and on ports of their own. They are brought without their
 * services: tests start what they need, and nothing is left running.
 */

/** Where nginx is unpacked when the machine has none. */
const UNPACKED = join('.cache', 'nginx')

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
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function nginxProgram(root, env) {
  return ['nginx', '/usr/sbin/nginx', join(root, UNPACKED, 'usr', 'sbin', 'nginx')].find(
    file => spawnSync(file, ['-v'], { env, timeout: 30_000, stdio: 'ignore' }).status === 0,
  )
}

/**
 * Brings Redis and nginx where they are missing and the distribution has them. Without them the tests that need them are
 * skipped.
 * @param {object} options
 * @param {string} options.root
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function ensureRedisAndNginx({ root, env, say }) {
  let output = ''
  const hasApt = existsSync('/usr/bin/apt-get')
  if (redisServer(env) === undefined && hasApt)
    output += await installDebianPackage('redis-tools', { cwd: root, env, quiet: true }, say)
  if (nginxProgram(root, env) === undefined && hasApt) output += await unpackNginx(root, env)
  if (redisServer(env) !== undefined && nginxProgram(root, env) !== undefined) return
  process.stderr.write(output)
  say(
    'SKIPPED: several instances are not tried together, as Redis or nginx is not here and could not be brought (Debian: apt-get install redis-tools nginx).',
  )
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} what was printed
 */
async function unpackNginx(root, env) {
  const cwd = join(root, UNPACKED)
  mkdirSync(cwd, { recursive: true })
  const options = { cwd, env, quiet: true }
  const { output } = await run('apt-get', ['download', 'nginx'], options)
  const archive = readdirSync(cwd).find(name => name.endsWith('.deb'))
  return archive === undefined
    ? output
    : output + (await run('dpkg-deb', ['--extract', archive, '.'], options)).output
}
