import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../support/free-port.ts'
import { certificateFor, type Certificate } from './certificate.ts'
import { deploymentTool, nobody, ROOT, startServer } from './tools.ts'

/** What is deployed: course and sandbox under one name, or a sandbox for a course on a static host. */
export interface Deployment {
  readonly kind: 'course' | 'sandbox'
  /** The name it has in public. */
  readonly host: string
  /** Folder of the built site, where it serves one. */
  readonly site: string
  /** Port of the sandbox. */
  readonly sandboxPort: number
}

export interface RunningProxy {
  readonly httpsPort: number
  readonly httpPort: number
  readonly certificate: Certificate
  stop(): Promise<void>
}

interface Proxy {
  readonly name: string
  readonly isHere: boolean
  start(deployment: Deployment): Promise<RunningProxy>
}

const nginx = deploymentTool('nginx')
const caddy = deploymentTool('caddy')
const DEPLOY = join(ROOT, 'deploy')

export const PROXIES: readonly Proxy[] = [
  { name: 'nginx', isHere: nginx !== undefined, start: startNginx },
  { name: 'Caddy', isHere: caddy !== undefined, start: startCaddy },
]

/** A text with every one of these in another's place; each has to be there. */
function substituted(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((changed, [pattern, value]) => {
    if (!pattern.test(changed)) throw new Error(`there is no ${String(pattern)} to be changed in\n${changed}`)
    return changed.replaceAll(new RegExp(pattern, 'g'), () => value)
  }, text)
}

/**
 * nginx as a host has it: the package's own nginx.conf, and the shipped files where they say that they go. Nothing of
 * them is changed but ports, and where things are.
 */
async function startNginx({ kind, host, site, sandboxPort }: Deployment): Promise<RunningProxy> {
  if (!nginx) throw new Error('there is no nginx')
  const { folder, certificate } = await prepare(host)
  const etc = join(folder, 'etc')
  const log = join(folder, 'log')
  for (const each of [etc, log, join(etc, 'conf.d'), join(etc, 'sites-enabled'), join(etc, 'snippets')])
    mkdirSync(each, { recursive: true })
  const [httpsPort, httpPort] = [await freePort(), await freePort()]

  const packaged = join(nginx.root, 'etc/nginx')
  cpSync(join(packaged, 'mime.types'), join(etc, 'mime.types'))
  const main = substituted(readFileSync(join(packaged, 'nginx.conf'), 'utf8'), [
    [/\/etc\/nginx\//, `${etc}/`],
    [/\/var\/log\/nginx\//, `${log}/`],
    [/\/run\/nginx\.pid/, join(folder, 'nginx.pid')],
    // Modules of the distribution that none of this needs.
    [/include .*\/modules-enabled\/.*;/, ''],
    [/error_log .*;/, ''],
  ])
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    each => `${each}_temp_path ${join(folder, each)};`,
  )
  writeFileSync(join(etc, 'nginx.conf'), main)
  writeFileSync(join(etc, 'conf.d/temporary.conf'), temporary.join('\n'))
  const shipped = (name: string) => readFileSync(join(DEPLOY, 'nginx', name), 'utf8')
  writeFileSync(
    join(etc, 'conf.d/websocket-anatomy-common.conf'),
    substituted(shipped('websocket-anatomy-common.conf'), [
      [/127\.0\.0\.1:8787/, `127.0.0.1:${sandboxPort}`],
    ]),
  )
  for (const snippet of readdirSync(join(DEPLOY, 'nginx/snippets')))
    writeFileSync(
      join(etc, 'snippets', snippet),
      shipped(join('snippets', snippet)).replaceAll('/var/log/nginx/', `${log}/`),
    )
  writeFileSync(
    join(etc, 'sites-enabled', `${kind}.conf`),
    substituted(shipped(`${kind}.conf`), [
      [/\/etc\/letsencrypt\/live\/\w+\.example/, folder],
      [/listen \[::\]:.*;/, ''],
      [/listen 443 /, `listen 127.0.0.1:${httpsPort} `],
      ...(kind === 'course'
        ? ([
            [/listen 80;/, `listen 127.0.0.1:${httpPort};`],
            [/\/opt\/websocket-anatomy\/dist/, site],
          ] as const)
        : []),
    ]),
  )
  giveAway(folder)
  const args = ['-e', 'stderr', '-p', folder, '-c', join(etc, 'nginx.conf')]
  const server = await startServer(
    nginx,
    [...args, '-g', 'daemon off; error_log stderr notice;'],
    /start worker processes/,
    { cwd: folder },
  )
  return running(server, { httpsPort, httpPort, certificate, folder })
}

/** Caddy with a shipped Caddyfile as it is; all that a host decides comes from the environment. */
async function startCaddy({ kind, host, site, sandboxPort }: Deployment): Promise<RunningProxy> {
  if (!caddy) throw new Error('there is no Caddy')
  const { folder, certificate } = await prepare(host)
  giveAway(folder)
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  const name = kind.toUpperCase()
  const server = await startServer(
    caddy,
    ['run', '--adapter', 'caddyfile', '--config', join(DEPLOY, 'caddy', `${kind}.Caddyfile`)],
    /serving initial configuration/,
    {
      cwd: folder,
      more: {
        CADDY_ADMIN: 'off',
        CADDY_BIND: '127.0.0.1',
        CADDY_HTTP_PORT: String(httpPort),
        CADDY_HTTPS_PORT: String(httpsPort),
        [`${name}_HOST`]: host,
        [`${name}_ROOT`]: site,
        [`${name}_TLS`]: `tls ${certificate.certificateFile} ${certificate.keyFile}`,
        SANDBOX: `127.0.0.1:${sandboxPort}`,
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      },
    },
  )
  return running(server, { httpsPort, httpPort, certificate, folder })
}

async function prepare(host: string): Promise<{ folder: string; certificate: Certificate }> {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'))
  return { folder, certificate: await certificateFor([host], folder) }
}

/** To whoever the proxy runs as. */
function giveAway(folder: string): void {
  const { uid, gid } = nobody(ROOT)
  if (uid === undefined || gid === undefined) return
  for (const each of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    chownSync(join(folder, each), uid, gid)
}

function running(
  server: { stop(): Promise<void> },
  { folder, ...rest }: { folder: string } & Omit<RunningProxy, 'stop'>,
): RunningProxy {
  return {
    ...rest,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
