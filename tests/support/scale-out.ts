import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { findDeploymentTool } from '../../scripts/launch/deployment-tools.mjs'
import { redisServer } from '../../scripts/launch/scale-out.mjs'
import { freePort } from './free-port.ts'

const REDIS = redisServer(process.env)
const NGINX = findDeploymentTool(fileURLToPath(new URL('../../', import.meta.url)), 'nginx', process.env)

/** Whether there are programs to run several instances with; says loudly what is left out when there are not. */
export const CAN_SCALE_OUT = REDIS !== undefined && NGINX !== undefined
if (!CAN_SCALE_OUT)
  console.warn(
    'SKIPPED: several instances are not tried together, as Redis or nginx does not run here (Debian: apt-get install redis-tools nginx)',
  )

/** A Redis server of the test's own. */
export class Redis {
  readonly port: number
  #child: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
    onTestFinished(() => this.kill())
  }

  static async start(): Promise<Redis> {
    const redis = new Redis(await freePort())
    await redis.run()
    return redis
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Starts it on its port, and waits until it is ready. */
  async run(): Promise<void> {
    if (!REDIS) throw new Error('no Redis here')
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    this.#child = spawn(REDIS.file, options, {
      argv0: REDIS.argv0,
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = this.#child.stdout && createInterface({ input: this.#child.stdout })
    for await (const line of lines ?? []) if (line.includes('Ready to accept connections')) break
    this.#child.stdout?.resume()
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  /** Has it hang, with its connections open, and go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }
}

/** Starts an nginx in front of servers, which gives each connection to the next of them; gives its port. */
export async function startNginx(ports: readonly number[]): Promise<number> {
  if (NGINX === undefined) throw new Error('no nginx here')
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${join(folder, name)};`)
    .join(' ')
  const servers = ports.map(each => `server 127.0.0.1:${each};`).join(' ')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr crit;
    events { worker_connections 256; }
    http {
      access_log off; ${paths}
      upstream instances { ${servers} }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://instances;
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection "upgrade";
        }
      }
    }`,
  )
  const child = spawn(NGINX.command, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    env: NGINX.env,
    stdio: 'inherit',
  })
  onTestFinished(async () => {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    rmSync(folder, { recursive: true, force: true })
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    const probe = connect(port, '127.0.0.1')
    const listens = await new Promise<boolean>(resolve => {
      probe.on('connect', () => resolve(true))
      probe.on('error', () => resolve(false))
    })
    probe.destroy()
    if (listens) return port
  }
}
