// @ts-check
// Every npm script comes through here: it makes sure of Node, of the dependencies and of what the command needs, then
// runs it. It runs on Node 18 and later, before anything is installed, so it uses nothing but Node's own modules.
import { writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addressFrom, checkFree } from './launch/address.mjs'
import { BENCHES } from './launch/benches.mjs'
import { ensureBrowser } from './launch/browser.mjs'
import { checkSources, runTests } from './launch/checks.mjs'
import { ensureDeploymentTools } from './launch/deployment-tools.mjs'
import { Failure, Interrupted, codeOf, sentenceFor } from './launch/failure.mjs'
import { readJson } from './launch/files.mjs'
import { install, isInstalled } from './launch/install.mjs'
import { licenceList } from './launch/licences.mjs'
import { alone } from './launch/lock.mjs'
import { suitableNode } from './launch/node-version.mjs'
import { ensurePythonWebsockets } from './launch/python-websockets.mjs'
import { billOfMaterials, makeRelease } from './launch/release.mjs'
import { passSignalsOn, run, signalNumber, stopIfInterrupted } from './launch/run.mjs'
import { ensureRedis } from './launch/scale-out.mjs'
import { buildSite, isBuilt } from './launch/site.mjs'
import { ensureTshark } from './launch/tshark.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * What a command works with, once Node and the dependencies are there.
 * @typedef {import('./launch/checks.mjs').Project & { node: string[], rest: string[] }} Ready
 */

/** @type {Readonly<Record<string, (ready: Ready) => Promise<number>>>} */
const COMMANDS = {
  start: async ready => {
    const problem = await problemWith(ready, ['sandbox', 'site'])
    if (problem !== 0) return problem
    await build(ready, { force: false })
    return show(ready, [...ready.node, 'sandbox-server/main.ts', '--site', 'dist', ...ready.rest])
  },
  sandbox: ready => show(ready, [...ready.node, 'sandbox-server/main.ts', ...ready.rest]),
  dev: async ready => {
    const problem = await problemWith(ready, ['sandbox', 'site'])
    if (problem !== 0) return problem
    const { port, host } = addressFrom(process.env)
    return show(ready, [...ready.tool('astro'), 'dev', '--port', String(port), '--host', host, ...ready.rest])
  },
  build: async ready => {
    const problem = await problemWith(ready, ['site'])
    if (problem !== 0) return problem
    await build(ready, { force: true })
    say('The site is in dist/.')
    return 0
  },
  test: async ready => {
    await ensurePythonWebsockets(ready)
    const env = { ...ready.env, CHROME_PATH: await browser(ready) }
    await ensureTshark(ready)
    await ensureRedis(ready)
    await ensureDeploymentTools(ready)
    if (ready.rest.length === 0) {
      await checkSources(ready)
      await build(ready, { force: false })
    }
    return runTests({ ...ready, env }, ready.rest)
  },
  check: async ready => {
    await checkSources(ready)
    return 0
  },
  format: ready =>
    show(ready, [...ready.tool('prettier'), '--write', '--log-level', 'warn', '.', ...ready.rest]),
  record: async ready => {
    const env = { ...ready.env, CHROME_PATH: await browser(ready) }
    return show({ ...ready, env }, [...ready.node, 'scripts/record.ts', ...ready.rest])
  },
  release: async ready => {
    const problem = await problemWith(ready, ['site'])
    if (problem !== 0) return problem
    await build(ready, { force: false })
    await makeRelease(ready)
    say('What serves the course is in release/.')
    return 0
  },
  sbom: async ready => {
    process.stdout.write(await billOfMaterials(ready))
    return 0
  },
  licences: async ({ root }) => {
    const { packages } = readJson(join(root, 'package-lock.json'))
    writeFileSync(join(root, 'docs', 'licences.md'), licenceList(packages))
    return 0
  },
  bench: async ready => {
    const env = { ...ready.env, CHROME_PATH: await browser(ready) }
    for (const file of BENCHES) {
      process.stdout.write(`\n${file}\n`)
      const code = await show({ ...ready, env }, [...ready.node, file, ...ready.rest])
      if (code !== 0) return code
    }
    return 0
  },
  load: ready => show(ready, [...ready.node, 'bench/load.ts', ...ready.rest]),
  soak: ready => show(ready, [...ready.node, 'bench/soak.ts', ...ready.rest]),
}

/** Commands that listen: a bad or taken address is told before anything long begins. */
const LISTENING = ['start', 'sandbox', 'dev']

/** @param {Ready} ready */
function browser(ready) {
  const [node = process.execPath] = ready.node
  return ensureBrowser({ root, node, env: ready.env, say })
}

/**
 * Looks at the settings of what is going to run; 0 when they can be used, else they have been spoken of.
 * @param {Ready} ready
 * @param {readonly ('sandbox' | 'site')[]} whose
 */
function problemWith(ready, whose) {
  return show(ready, [...ready.node, 'scripts/launch/settings.ts', ...whose])
}

/** @param {Ready} ready @param {{ force: boolean }} options */
async function build(ready, { force }) {
  if (!force && isBuilt(root, ready.env)) return
  await alone(root, say, async () => {
    if (!force && isBuilt(root, ready.env)) return
    await buildSite({ root, astro: ready.tool('astro'), env: ready.env, say })
  })
}

/** @param {Ready} ready @param {readonly string[]} words */
async function show({ env }, words) {
  const [command = '', ...args] = words
  return (await run(command, args, { cwd: root, env })).code
}

/** @param {readonly string[]} rest @returns {Promise<Ready>} */
async function prepare(rest) {
  const node = await suitableNode(root, say)
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter)
  const env = { ...process.env, PATH: path, ASTRO_TELEMETRY_DISABLED: '1' }
  if (!isInstalled(root)) {
    await alone(root, say, async () => {
      if (isInstalled(root)) return
      await install({ folder: root, what: 'the dependencies', isDone: () => isInstalled(root), env, say })
    })
  }
  stopIfInterrupted()
  const tool = (/** @type {string} */ name) => [node, binOf(name)]
  return { root, env, say, rest: [...rest], tool, node: [node, '--disable-warning=ExperimentalWarning'] }
}

/** @param {string} name of a command; its package has the same name, but for TypeScript's */
function binOf(name) {
  const folder = join(root, 'node_modules', name === 'tsc' ? 'typescript' : name)
  const { bin } = readJson(join(folder, 'package.json'))
  return join(folder, typeof bin === 'string' ? bin : bin[name])
}

async function main() {
  const [name = '', ...rest] = process.argv.slice(2)
  const command = COMMANDS[name]
  if (command === undefined)
    throw new Failure(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}.`)
  if (LISTENING.includes(name)) await checkFree(addressFrom(process.env))
  return command(await prepare(rest))
}

passSignalsOn()
try {
  process.exitCode = await main()
} catch (error) {
  process.exitCode = 1
  const sentence = sentenceFor(codeOf(error), 'The command could not go on', root)
  if (error instanceof Interrupted) process.exitCode = 128 + signalNumber(error.signal)
  else if (error instanceof Failure) say(error.message)
  else if (sentence !== undefined) say(sentence)
  else throw error
}
