import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { AstroIntegration } from 'astro'

const TEXT = /\.(html|css|js|mjs|json|svg|txt|xml|webmanifest|md)$/
/** Below this many bytes an encoding costs more in headers than it saves. */
const WORTHWHILE = 512

/** Writes `.br` and `.gz` beside every text file of the built site, for servers that send them as they are. */
export function precompress(): AstroIntegration {
  return {
    name: 'precompress',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const root = fileURLToPath(dir)
        const entries = await readdir(root, { recursive: true, withFileTypes: true })
        const files = entries.filter(entry => entry.isFile() && TEXT.test(entry.name))
        await Promise.all(files.map(file => compressFile(join(file.parentPath, file.name))))
      },
    },
  }
}

async function compressFile(path: string): Promise<void> {
  const text = await readFile(path)
  if (text.length < WORTHWHILE) return
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
    promisify(gzip)(text, { level: 9 }),
  ])
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
}
