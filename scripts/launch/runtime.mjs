// @ts-check
/**
 * An entry of package-lock.json.
 * @typedef {{ version: string, license?: string, dev?: boolean, devOptional?: boolean, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Locked
 */

/** The packages that the server imports; a test starts it with nothing but these. */
export const SERVER_PACKAGES = ['@redis/client', 'pino', 'prom-client', 'selfsigned', 'sirv', 'valibot', 'ws']

/**
 * Where packages, and all that they need, are locked: paths as in `node_modules/ws`.
 * @param {Readonly<Record<string, Locked>>} locked
 * @param {readonly string[]} names
 */
export function withNeeded(locked, names) {
  /** @type {Set<string>} */
  const found = new Set()
  const waiting = names.map(name => ({ from: '', name }))
  for (const { from, name } of waiting) {
    const path = resolveFrom(locked, from, name)
    if (path === undefined || found.has(path)) continue
    found.add(path)
    const { dependencies, optionalDependencies } = locked[path] ?? {}
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies }))
      waiting.push({ from: path, name: each })
  }
  return [...found].sort()
}

/**
 * As Node looks for a package: in the folder of who asks, then in each above.
 * @param {Readonly<Record<string, Locked>>} locked @param {string} from @param {string} name
 */
function resolveFrom(locked, from, name) {
  for (let folder = from; ;) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (path in locked) return path
    if (folder === '') return undefined
    const above = folder.lastIndexOf('/node_modules/')
    folder = above === -1 ? '' : folder.slice(0, above)
  }
}
