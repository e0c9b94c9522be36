// @ts-check
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from './failure.mjs'
import { cacheFolder, readJson } from './files.mjs'
import { npmCommand } from './install.mjs'
import { run } from './run.mjs'
import { SERVER_PACKAGES, withNeeded } from './runtime.mjs'

/** Layers that the server is made of (ARCHITECTURE.md), and what goes with them. */
const PARTS = [
  'sandbox-server',
  'protocol',
  'words',
  'contract',
  'deploy',
  'LICENSE',
  'CHANGELOG.md',
  'docs/operating.md',
  'docs/licences.md',
]
/** Of the server, what only development needs. */
const LEFT_OUT = ['sandbox-server/astro-integration.ts']

/**
 * Puts what serves course and sandbox, and nothing else, into `release/`, which stays as it was until that is complete.
 * @param {object} options
 * @param {string} options.root with a built site in dist/
 * @param {NodeJS.ProcessEnv} options.env
 */
export async function makeRelease({ root, env }) {
  const next = join(cacheFolder(root), 'release-next')
  rmSync(next, { recursive: true, force: true })
  mkdirSync(next)
  await fillRelease({ root, site: join(root, 'dist'), folder: next })
  writeFileSync(join(next, 'sbom.cdx.json'), await billOfMaterials({ root, env }))
  const release = join(root, 'release')
  rmSync(release, { recursive: true, force: true })
  renameSync(next, release)
}

/**
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.site folder of the built site
 * @param {string} options.folder to be filled
 */
export async function fillRelease({ root, site, folder }) {
  const left = LEFT_OUT.map(each => join(root, each))
  const copy = (/** @type {string} */ from, /** @type {string} */ to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    cpSync(from, join(folder, to), {
      recursive: true,
      dereference: true,
      filter: each => !left.includes(each),
    })
  }
  for (const part of PARTS) copy(join(root, part), part)
  copy(site, 'dist')
  const { packages } = readJson(join(root, 'package-lock.json'))
  for (const path of withNeeded(packages, SERVER_PACKAGES))
    if (existsSync(join(root, path))) copy(join(root, path), path)
  const { name, version, license, type, imports, engines, dependencies } = readJson(
    join(root, 'package.json'),
  )
  const own = {
    name,
    version,
    license,
    private: true,
    type,
    imports,
    engines,
    dependencies: Object.fromEntries(SERVER_PACKAGES.map(each => [each, dependencies[each]])),
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, undefined, 2)}\n`)
}

/**
 * What the site and its server are made of and built with, as CycloneDX.
 * @param {{ root: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>}
 */
export async function billOfMaterials({ root, env }) {
  const [command, ...args] = npmCommand(process.env, process.execPath)
  const words = ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only', '--loglevel=error']
  const { ok, output } = await run(command, [...args, ...words], { cwd: root, env, quiet: true })
  if (!ok) throw new Failure(`npm could not list what the site is made of (npm 10 and later can):\n${output}`)
  const bill = JSON.parse(output)
  // npm calls it by the folder that it lies in.
  bill.metadata.component.name = readJson(join(root, 'package.json')).name
  return `${JSON.stringify(bill, undefined, 2)}\n`
}
