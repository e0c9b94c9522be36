import { fileURLToPath } from 'node:url'

/**
 * astro 7.3.0 imports `astro/_internal/logger` without exporting it (withastro/astro#17898, fixed in 7.3.1,
 * cannot be locked for every platform yet). The file is in the package; this says where.
 */
export function astroLogger() {
  const core = new URL('dist/core/logger/core.js', import.meta.resolve('astro/package.json'))
  return {
    name: 'astro-logger',
    enforce: 'pre' as const,
    resolveId: (id: string) => (id === 'astro/_internal/logger' ? fileURLToPath(core) : undefined),
  }
}
