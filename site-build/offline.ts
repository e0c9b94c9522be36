import { createHash } from 'node:crypto'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { build as bundle } from 'esbuild'
import { cachePrefix, type Build } from '../src/offline/build.ts'

/** What a reader without a network needs: pages, what they load, and the faces of the installed course. */
const KEPT = /\.(html|css|js|json|woff2|svg|webmanifest)$|^[^/]+\.png$/
/** Recordings to take away: pages have them in their scripts. */
const TAKEN_AWAY = /^recordings\/[^/]+\.json$/

/** Writes `sw.js`, the service worker of this very build. In development, one that takes an earlier one away. */
export function offline({ base }: { base: string }): AstroIntegration {
  const path = base.replace(/\/?$/, '/')
  return {
    name: 'offline',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use(`${path}sw.js`, (_request, response) => {
          response.setHeader('Content-Type', 'text/javascript')
          response.setHeader('Cache-Control', 'no-store')
          response.end(retiringWorker(path))
        })
      },
      'astro:build:done': async ({ dir }) => {
        writeFileSync(new URL('sw.js', dir), await workerFor(describeBuild(fileURLToPath(dir), path)))
      },
    },
  }
}

/**
 * @param folder of a built site
 * @param base path it will be deployed under, with a slash at both ends
 */
export function describeBuild(folder: string, base: string): Build {
  const files: Record<string, string> = {}
  for (const file of globSync('**/*', { cwd: folder }).toSorted()) {
    const path = file.replaceAll('\\', '/')
    if (!KEPT.test(path) || TAKEN_AWAY.test(path) || path === 'sw.js') continue
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('base64')
    files[path.replace(/(^|\/)index\.html$/, '$1')] = `sha256-${hash}`
  }
  const id = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12)
  return { id, base, files }
}

async function workerFor(build: Build): Promise<Uint8Array> {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(new URL('../src/offline/worker.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    define: { BUILD: JSON.stringify(build) },
  })
  const [worker] = outputFiles
  if (!worker) throw new Error('esbuild made no service worker')
  return worker.contents
}

/**
 * A built course and one in development often share an address. Pages kept from the built one would hide the other:
 * this worker replaces its worker, throws away what it kept, and opens its pages anew.
 */
export function retiringWorker(base: string): string {
  return `addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(retire()))
async function retire() {
  for (const name of await caches.keys())
    if (name.startsWith(${JSON.stringify(cachePrefix(base))})) await caches.delete(name)
  await registration.unregister()
  for (const page of await clients.matchAll({ type: 'window' })) await page.navigate(page.url)
}
`
}
