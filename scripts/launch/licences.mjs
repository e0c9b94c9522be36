// @ts-check
import { SERVER_PACKAGES, withNeeded } from './runtime.mjs'

/** @typedef {import('./runtime.mjs').Locked} Locked */

const SECTIONS = [
  {
    kind: 'server',
    title: 'In the server',
    about: 'Everything in `node_modules/` of a release.',
  },
  {
    kind: 'site',
    title: 'What the site is built with',
    about:
      'Pages hold some of it: Svelte, valibot, uPlot, es-hangul, pako and the three fonts. The rest runs while the site is built, libvips (LGPL) and Lightning CSS (MPL) among it, and is not passed on.',
  },
  { kind: 'development', title: 'What only developing needs', about: 'Nothing of it is passed on.' },
]

/**
 * The licences of all that package-lock.json names, whatever of it fits this machine, as Markdown.
 * @param {Readonly<Record<string, Locked>>} locked
 */
export function licenceList(locked) {
  const inServer = new Set(withNeeded(locked, SERVER_PACKAGES))
  const kindOf = (/** @type {string} */ path) => {
    if (inServer.has(path)) return 'server'
    return locked[path]?.dev === true || locked[path]?.devOptional === true ? 'development' : 'site'
  }
  const paths = Object.keys(locked).filter(path => path !== '')
  const sections = SECTIONS.map(({ kind, title, about }) =>
    [
      `## ${title}`,
      about,
      ...groups(
        locked,
        paths.filter(path => kindOf(path) === kind),
      ),
    ].join('\n\n'),
  )
  const head = [
    '# Licences of the dependencies',
    'Written by `npm run licences` from `package-lock.json`; a test says when it is no longer what that would write.',
  ]
  return `${[...head, ...sections].join('\n\n')}\n`
}

/** @param {Readonly<Record<string, Locked>>} locked @param {readonly string[]} paths */
function groups(locked, paths) {
  /** @type {Map<string, Set<string>>} */
  const byLicence = new Map()
  for (const path of paths) {
    const { license = 'UNKNOWN', version } = locked[path] ?? { version: '' }
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const packages = byLicence.get(license) ?? new Set()
    byLicence.set(license, packages.add(`${name} ${version}`))
  }
  return [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, packages]) => `**${licence}** (${packages.size}): ${[...packages].sort().join(', ')}`)
}
