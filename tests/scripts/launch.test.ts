import { once } from 'node:events'
import { createServer } from 'node:net'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { FakeProject } from './fake-project.ts'

let project: FakeProject
beforeEach(() => {
  project = new FakeProject()
})

const READY = /^http:\/\/127\.0\.0\.1:\d+\/\n$/

describe('npm start', () => {
  test('installs, builds and serves in a fresh folder, and prints one line', async () => {
    const { stdout, stderr } = await project.startAndStop()
    expect(stdout).toMatch(READY)
    expect(stderr).toBe('Installing the dependencies…\nBuilding the site…\n')
    expect(project.ran()).toEqual(['npm ci', 'astro build'])
    expect(project.read('dist/index.html')).toBe('one')
  })

  test('installs and builds nothing when nothing has changed', async () => {
    await project.startAndStop()
    project.ran()
    const { stdout, stderr } = await project.startAndStop()
    expect(stdout).toMatch(READY)
    expect(stderr).toBe('')
    expect(project.ran()).toEqual([])
  })

  test('builds again when a source or a setting of the site has changed, not for a test or the sandbox', async () => {
    await project.startAndStop()
    project.ran()
    project.write('src/lesson.txt', 'two')
    await project.startAndStop()
    expect(project.ran()).toEqual(['astro build'])
    expect(project.read('dist/index.html')).toBe('two')
    await project.startAndStop({ PUBLIC_SANDBOX_URL: 'wss://sandbox.example' })
    expect(project.ran()).toEqual(['astro build'])
    await project.startAndStop()
    expect(project.ran()).toEqual(['astro build'])
    project.write('tests/some.test.ts', '')
    project.write('sandbox-server/tap.ts', '')
    await project.startAndStop()
    expect(project.ran()).toEqual([])
  })

  test('installs again when the lockfile has changed', async () => {
    await project.startAndStop()
    project.ran()
    project.lock({ 'node_modules/astro': { version: '1.0.1' } })
    await project.startAndStop()
    expect(project.ran()).toEqual(['npm ci', 'astro build'])
  })

  test('brings another Node when the running one does not do, once', async () => {
    const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
    const version = process.version.slice(1)
    project.engines('>=999.0.0')
    project.write('scripts/node/package.json', JSON.stringify({ optionalDependencies: { [name]: version } }))
    project.lock({ [`node_modules/${name}`]: { version } }, 'scripts/node/')
    const { stdout, stderr } = await project.startAndStop()
    expect(stderr).toContain(`this project needs Node >=999.0.0, and this is ${process.version}`)
    expect(stdout).toMatch(READY)
    expect(project.ran()).toEqual(['npm ci', 'npm ci', 'astro build'])
    await project.startAndStop()
    expect(project.ran()).toEqual([])
  })

  test('two at once in a fresh folder install and build once', async () => {
    const ends = await Promise.all([project.startAndStop(), project.startAndStop()])
    for (const { stdout } of ends) expect(stdout).toMatch(READY)
    expect(project.ran()).toEqual(['npm ci', 'astro build'])
  })

  test('takes over the lock of a process that died', async () => {
    const dead = project.launch('nonsense')
    await dead.ended
    project.write('.cache/launch.lock', String(dead.child.pid))
    expect((await project.startAndStop()).stdout).toMatch(READY)
    expect(project.has('.cache/launch.lock')).toBe(false)
  })

  test('passes SIGTERM on to the server and its exit code back', async () => {
    const { code } = await project.startAndStop()
    expect(code).toBe(7)
  })
})

describe('one sentence and exit 1, before anything is installed, for', () => {
  test.each(['abc', '-1', '65536', '80a', '8787.5', ' '])('PORT=%s', async port => {
    const { code, stderr, stdout } = await project.run('start', { PORT: port })
    expect(stderr).toBe(`PORT must be a whole number from 0 to 65535, not "${port}".\n`)
    expect({ code, stdout, ran: project.ran() }).toEqual({ code: 1, stdout: '', ran: [] })
  })

  test('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const address = other.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const { code, stderr } = await project.run('start', { PORT: String(port) })
    expect(stderr).toBe(
      `Port ${port} on 127.0.0.1 is already in use. Stop the program that uses it, or set PORT to another one, such as 8788.\n`,
    )
    expect({ code, ran: project.ran() }).toEqual({ code: 1, ran: [] })
  })

  test('a HOST that is not of this machine', async () => {
    const { code, stderr } = await project.run('start', { HOST: '192.0.2.1' })
    expect(stderr).toMatch(/^HOST=192\.0\.2\.1 cannot be listened on here .*\n$/)
    expect({ code, ran: project.ran() }).toEqual({ code: 1, ran: [] })
  })

  test('a command there is not', async () => {
    const { code, stderr } = await project.run('nonsense')
    expect(stderr).toMatch(/^There is no command "nonsense"; there are start, .*\n$/)
    expect(code).toBe(1)
  })
})

test.each([
  ['start', { LIMIT_X: '1' }, 'LIMIT_X is not a limit'],
  ['dev', { LIMIT_X: '1' }, 'LIMIT_X is not a limit'],
  ['start', { SITE_URL: 'bad' }, 'SITE_URL is bad'],
  ['dev', { SITE_URL: 'bad' }, 'SITE_URL is bad'],
  ['build', { SITE_URL: 'bad' }, 'SITE_URL is bad'],
])(
  'npm run %s with a setting that cannot be used (%j) says so before anything is built',
  async (name, environment, sentence) => {
    const { code, stderr } = await project.run(name, environment)
    expect(stderr).toBe(`Installing the dependencies…\n${sentence}\n`)
    expect({ code, ran: project.ran() }).toEqual({ code: 1, ran: ['npm ci'] })
  },
)

describe('an install that fails says why and is tried again next time:', () => {
  test.each([
    ['no network', 'code ENOTFOUND', 'the npm registry cannot be reached (ENOTFOUND)'],
    ['no network and an empty cache', 'code ENOTCACHED', 'the npm registry cannot be reached (ENOTCACHED)'],
    ['a full disk', 'code ENOSPC', 'is full (ENOSPC). Free about 1 GB'],
    ['a full disk that npm only warns of', 'truncate', 'is full (ENOSPC). Free about 1 GB'],
    ['no permission', 'code EACCES', 'cannot be written to (EACCES). Give yourself write permission'],
    [
      "no permission for npm's own cache",
      'code EACCES\nnpm error path /home/reader/.npm/_cacache',
      "npm cannot write to /home/reader/.npm/_cacache (EACCES). Give yourself write permission there, or name another folder for npm's cache",
    ],
    [
      "a full disk under npm's own cache",
      'code ENOSPC\nnpm error path /home/reader/.npm/_cacache',
      'the disk that holds /home/reader/.npm/_cacache is full (ENOSPC)',
    ],
    ['nothing installed and nothing said', 'silent', 'the npm registry cannot be reached'],
    ['something else', 'code EUSAGE', 'npm said why above'],
  ])('%s', async (_why, mode, sentence) => {
    const failed = await project.run('start', { FAKE_NPM: mode })
    expect(failed.stderr).toContain(sentence)
    expect(failed.stderr).not.toMatch(/^ +at /m)
    expect(failed.code).toBe(1)
    expect((await project.startAndStop()).stdout).toMatch(READY)
  })
})

test('a build that fails shows why and leaves the last good site in place', async () => {
  await project.startAndStop()
  project.write('src/lesson.txt', 'broken')
  const { code, stderr } = await project.run('build')
  expect(stderr).toContain('lesson.txt:1: it is broken\nThe site could not be built; Astro said why above.\n')
  expect(code).toBe(1)
  expect(project.read('dist/index.html')).toBe('one')
})

test('npm run build builds even when nothing has changed', async () => {
  await project.run('build')
  project.ran()
  expect((await project.run('build')).code).toBe(0)
  expect(project.ran()).toEqual(['astro build'])
})

test('nothing is written when there is nothing to prepare, so that an installation may be read-only', async () => {
  await project.startAndStop()
  const before = project.modified('.cache')
  expect((await project.startAndStop()).stdout).toMatch(READY)
  expect(project.modified('.cache')).toBe(before)
  // Where nobody can make that folder, what is installed runs all the same.
  project.remove('.cache')
  project.write('.cache', 'no folder')
  const { child, ended } = project.launch('sandbox')
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect((await ended).code).toBe(7)
})

test('the sandbox alone needs no site', async () => {
  const { child, ended } = project.launch('sandbox')
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect((await ended).code).toBe(7)
  expect(project.ran()).toEqual(['npm ci'])
})
