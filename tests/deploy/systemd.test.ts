import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../sandbox-server/limits.ts'
import { fillRelease } from '../../scripts/launch/release.mjs'
import { builtSite } from '../support/built-site.ts'
import { deploymentTool, nobody, ROOT } from './support/tools.ts'

const NAME = 'websocket-anatomy.service'
const FILE = join(ROOT, 'deploy/systemd', NAME)
const unit = readFileSync(FILE, 'utf8')
const valueOf = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? ''
const analyze = deploymentTool('systemd-analyze')

let site: string
beforeAll(async () => {
  site = await builtSite()
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'systemd-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe.runIf(analyze)('systemd-analyze', () => {
  const ask = (...args: string[]) => {
    if (!analyze) throw new Error('there is no systemd-analyze')
    const { status, stdout, stderr } = spawnSync(analyze.command, args, {
      env: analyze.env,
      encoding: 'utf8',
    })
    return { status, output: `${stdout}${stderr}`.trim() }
  }
  /** A system that has nothing but the unit, and what it starts. */
  const verify = (text: string) => {
    const root = temporaryFolder()
    for (const folder of ['usr/bin', 'etc/systemd/system', 'opt/websocket-anatomy'])
      mkdirSync(join(root, folder), { recursive: true })
    cpSync('/bin/true', join(root, 'usr/bin/node'), { dereference: true })
    const file = join(root, 'etc/systemd/system', NAME)
    writeFileSync(file, text)
    return ask('verify', '--man=no', '--recursive-errors=no', `--root=${root}`, file)
  }

  test('finds nothing wrong with the unit', () => {
    expect(verify(unit)).toEqual({ status: 0, output: '' })
  })

  test('would have said what is wrong', () => {
    expect(verify(unit.replace('ProtectHome=yes', 'ProtectHouse=yes')).output).toContain('ProtectHouse')
    expect(verify(unit.replace('/usr/bin/node', '/usr/bin/nothing')).output).toContain('/usr/bin/nothing')
  })

  test('calls it exposed by less than 1.5 of 10', () => {
    const { status, output } = ask('security', '--offline=true', '--no-pager', '--threshold=15', FILE)
    expect(output).toMatch(/Overall exposure level for websocket-anatomy.service: [01]\.\d/)
    expect(status).toBe(0)
  })
})

test('the unit leaves the process the time and the memory that its limits speak of', () => {
  expect(Number.parseInt(valueOf('TimeoutStopSec')) * 1000).toBeGreaterThan(DEFAULT_LIMITS.shutdownMs)
  expect(Number.parseInt(valueOf('MemoryMax')) * 1024 ** 2).toBeGreaterThan(DEFAULT_LIMITS.memoryBytes)
  const connections = DEFAULT_LIMITS.connections + DEFAULT_LIMITS.refusedConnections
  expect(Number(valueOf('LimitNOFILE'))).toBeGreaterThan(4 * connections)
})

test('what the unit starts serves course and sandbox from a release, as a user without rights', async () => {
  const folder = temporaryFolder()
  await fillRelease({ root: ROOT, site, folder })
  spawnSync('chmod', ['-R', 'a-w,a+rX', folder])
  const [, ...args] = valueOf('ExecStart').split(' ')
  const environment = Object.fromEntries(
    valueOf('Environment')
      .split(' ')
      .map(each => each.split('=', 2) as [string, string]),
  )
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...environment, PORT: '0', PUBLIC_ORIGINS: 'https://course.example' },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...nobody(folder),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  const ready = once(createInterface({ input: child.stdout }), 'line')
  const [line] = (await Promise.race([ready, exit.then(() => [''])])) as [string]
  const url = /http:\S+/.exec(line)?.[0] ?? ''
  expect((await fetch(`${url}healthz`)).status).toBe(200)
  expect((await fetch(`${url}lessons/handshake/`)).status).toBe(200)
  child.kill('SIGTERM')
  expect((await exit)[0]).toBe(0)
})
