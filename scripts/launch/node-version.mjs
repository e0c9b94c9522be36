// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { readJson } from './files.mjs'
import { install } from './install.mjs'
import { alone } from './lock.mjs'

/**
 * Whether a version is in a range made of `^a.b.c` and `>=a.b.c` joined by `||`, all that "engines" here needs.
 * @param {string} version such as `24.16.0`, with or without `v`
 * @param {string} range
 */
export function satisfies(version, range) {
  const have = numbers(version)
  return range.split('||').some(part => {
    const match = /^\s*(\^|>=)\s*(\d+\.\d+\.\d+)\s*$/.exec(part)
    if (match?.[2] === undefined) throw new Error(`engines: cannot read "${part}"`)
    const least = numbers(match[2])
    return compare(have, least) >= 0 && (match[1] === '>=' || have[0] === least[0])
  })
}

/** @param {string} version */
function numbers(version) {
  return version.replace(/^v/, '').replace(/-.*$/, '').split('.').map(Number)
}

/** @param {readonly number[]} a @param {readonly number[]} b */
function compare(a, b) {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Name of the package that holds Node for a platform, among those of `scripts/node`.
 * @param {readonly string[]} names
 * @param {string} platform as `process.platform`
 * @param {string} arch as `process.arch`
 */
export function nodePackage(names, platform, arch) {
  const suffix = `-${platform === 'win32' ? 'win' : platform}-${arch}`
  return names.find(name => name.endsWith(suffix))
}

/**
 * Path of a Node that the project can run on: the running one, or else one brought into `scripts/node`.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 * @throws {Failure} when none can be had
 */
export async function suitableNode(root, say) {
  const range = readJson(join(root, 'package.json')).engines.node
  if (satisfies(process.version, range)) return process.execPath

  const folder = join(root, 'scripts', 'node')
  const needed = `this project needs Node ${range}, and this is ${process.version}`
  const versions = readJson(join(folder, 'package.json')).optionalDependencies
  const name = nodePackage(Object.keys(versions), process.platform, process.arch)
  if (name === undefined)
    throw new Failure(
      `Install a newer Node: ${needed}; none can be brought for ${process.platform} on ${process.arch}.`,
    )
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const file = join(folder, 'node_modules', name, 'bin', program)
  const isThere = () => versionOf(file) === versions[name]
  if (isThere()) return file
  await alone(root, say, async () => {
    if (isThere()) return
    const what = `a newer Node (${needed})`
    await install({ folder, what, isDone: () => existsSync(file), env: process.env, say })
  })
  if (isThere()) return file
  throw new Failure(
    `Install a newer Node: ${needed}; the one brought from the npm registry does not run here.`,
  )
}

/** @param {string} file */
function versionOf(file) {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim().replace(/^v/, '') : undefined
}
