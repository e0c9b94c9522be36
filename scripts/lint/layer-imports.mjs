// @ts-check
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { builtinModules } from 'node:module'

/**
 * @typedef {object} Layer
 * @property {readonly string[]} layers the other layers it may import
 * @property {readonly string[] | 'any'} packages the npm packages it may import
 * @property {boolean} node whether it may import Node's own modules
 */

/** Layers that others reach through an alias of package.json "imports", and only so. */
const ALIASED = ['protocol', 'words', 'contract', 'recording']

/**
 * Folders at the root that are layers, lowest first. A folder that is not here (tests, bench, the root itself) may
 * import every layer, aliased ones through their alias.
 * @type {Readonly<Record<string, Layer>>}
 */
export const LAYERS = {
  protocol: { layers: [], packages: [], node: false },
  words: { layers: ['protocol'], packages: [], node: false },
  contract: { layers: ['protocol'], packages: ['valibot'], node: false },
  recording: { layers: ['protocol', 'contract'], packages: ['valibot'], node: false },
  'sandbox-server': {
    layers: ['protocol', 'words', 'contract'],
    packages: ['ws', 'selfsigned', 'sirv', 'pino', 'prom-client', '@redis/client', 'astro'],
    node: true,
  },
  src: { layers: ['protocol', 'words', 'contract', 'recording'], packages: 'any', node: true },
}

/** Packages the site must not import although it may import packages: they belong to the sandbox. */
const SANDBOX_PACKAGES = ['ws', 'selfsigned', 'sirv', 'pino', 'prom-client', '@redis/client']

/**
 * Says what is wrong with an import, if anything.
 * @param {string} file the importing file, relative to the root, with `/`
 * @param {string} specifier as written
 * @returns {string | undefined}
 */
export function layerFault(file, specifier) {
  const from = folderOf(file)
  const layer = LAYERS[from]
  if (specifier.startsWith('#')) {
    const to = folderOf(specifier.slice(1))
    if (to === from) return `Inside ${from}/ import by relative path, not by '${specifier}'.`
    if (from === 'src' && specifier.startsWith('#words/en/'))
      return 'src/ speaks Korean: no page ships #words/en/.'
    return layer === undefined || layer.layers.includes(to) ? undefined : forbidden(from, layer, to)
  }
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const target = specifier.startsWith('/') ? specifier : resolve('/', dirname(file), specifier)
    const to = folderOf(relative('/', target).split(sep).join('/'))
    if (to === from) return undefined
    if (ALIASED.includes(to)) return `Import ${to}/ through its alias '#${to}/…', not by path.`
    if (layer === undefined) return undefined
    return to in LAYERS
      ? forbidden(from, layer, to)
      : `${from}/ must not reach outside itself ('${specifier}').`
  }
  if (layer === undefined) return undefined
  if (isBuiltin(specifier)) return layer.node ? undefined : `${from}/ must not use Node's '${specifier}'.`
  if (specifier.includes(':')) return undefined
  const name = packageName(specifier)
  if (from === 'src') {
    return SANDBOX_PACKAGES.includes(name)
      ? `src/ must not import '${name}': it belongs to the sandbox.`
      : undefined
  }
  return layer.packages === 'any' || layer.packages.includes(name)
    ? undefined
    : `${from}/ must not import the package '${name}'.`
}

/** @param {string} from @param {Layer} layer @param {string} to */
function forbidden(from, layer, to) {
  const allowed = layer.layers.length === 0 ? 'nothing outside itself' : layer.layers.join(', ')
  return `${from}/ must not import ${to}/; it may import ${allowed}.`
}

/** @param {string} path */
function folderOf(path) {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}

/** @param {string} specifier */
function isBuiltin(specifier) {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

/** @param {string} specifier */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/**
 * ESLint rule: every import, export-from, `import()` and `import('…')` type respects the layers.
 * @type {import('eslint').Rule.RuleModule}
 */
export const layerImports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const path = relative(context.cwd, context.filename)
    if (isAbsolute(path) || path.startsWith('..')) return {}
    const file = path.split(sep).join('/')
    /** @param {object | null | undefined} source */
    const check = source => {
      if (!source || !('value' in source) || typeof source.value !== 'string') return
      const message = layerFault(file, source.value)
      if (message !== undefined)
        context.report({ node: /** @type {import('eslint').Rule.Node} */ (source), message })
    }
    return {
      ImportDeclaration: node => check(node.source),
      ExportNamedDeclaration: node => check(node.source),
      ExportAllDeclaration: node => check(node.source),
      ImportExpression: node => check(node.source),
      TSImportType: (/** @type {{ source: object }} */ node) => check(node.source),
    }
  },
}
