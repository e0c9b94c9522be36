import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** Modules that come in one file: small files compress badly, and each costs a request. */
interface ChunkGroup {
  readonly name: string
  /** Groups of higher priority choose first; what a chosen module imports comes along with it. */
  readonly priority: number
  test(module: string): boolean
}

/** What every page loads. */
const PAGE = [
  'src/components/site/preload',
  'src/progress/(page-progress|store|records|standing)',
  'src/components/(progress/(marks|watch-trouble)|search/open-search|site/(keyboard|links|theme))',
  'src/offline/register',
  // Missions wait for their labs with it, long before there is one.
  'src/wire/page-wire',
]

/** What every island needs, with a connection to show or without. */
const ISLAND = [
  'node_modules/(svelte|clsx)/',
  '@astrojs/svelte/dist/client(\\.svelte)?',
  'src/sandbox/(absence|page-channel)',
  'src/wire/(grouped|lab-words)',
  'src/components/labs/within',
]

/**
 * What every lab needs that shows a connection, live or recorded. What only some need, or only later, is not in it: what
 * talks with the sandbox comes when a reader connects.
 */
const LAB = [
  'protocol/(accept|base64|buffer-view|chunk-ledger|close-payload|deflate|extensions|frame|frame-head-reader)',
  'protocol/(frame-parser|frame-rules|frame-stream|handshake|held-bytes|hex|http-head|latin1|mask|message)',
  'protocol/(frame-rule-facts|opcodes|pool|role|rule|sha1|trace|utf8|violation|wire-frame)',
  'recording/(packed|base64)',
  'words/(frame-layout|head-layout|span|close-codes)',
  'words/ko/(close-codes|frame-spans|head-spans|opcodes)',
  'src/wire/(byte-cells|captured-connection|head-lines|hex-text|item-spans)',
  'src/wire/(organs|timeline|visible-text)',
  'src/inspector/sources/(browser-session|live-source)',
  'src/components/labs/(keep-focus|lab-props|lab-source|plate-words|random-bytes)(\\.svelte)?',
  'src/components/labs/(InspectorLink|WirePlate)',
  'src/components/wire/(ByteGrid|FrameView|HeadView|ItemView|Lens|Timeline)',
]

export const CHUNKS: readonly ChunkGroup[] = [
  // Only files are checked with it, and no lab needs one: it must not come along with what could.
  { name: 'validation', priority: 3, test: among(['node_modules/valibot/']) },
  { name: 'page', priority: 2, test: among(PAGE) },
  { name: 'island', priority: 1, test: among(ISLAND) },
  { name: 'lab', priority: 0, test: among(LAB) },
]

/**
 * What is fetched along with a chunk that is asked for, by `src/components/site/preload.ts` in the place of Vite's helper. It
 * leaves out what is there by then, which would only make the lists of it longer: whoever asks is `page`, an island or a
 * lab, or came behind one.
 */
export function preloads(): Plugin {
  const resolveDependencies = (chunk: string, needed: string[]): string[] => {
    const missing = needed.filter(name => !/\/(page|island|lab|rolldown-runtime)\./.test(name))
    // By itself it is fetched as soon by being imported.
    return missing.every(name => name === chunk) ? [] : missing
  }
  return {
    name: 'preloads',
    enforce: 'pre',
    resolveId: id =>
      id === '\0vite/preload-helper.js'
        ? fileURLToPath(new URL('../src/components/site/preload.ts', import.meta.url))
        : undefined,
    // Astro takes no such setting from its configuration.
    config: () => ({ build: { modulePreload: { polyfill: false, resolveDependencies } } }),
  }
}

/** @param parts of paths, as expressions; a folder ends with a slash, a module stands without its ending */
function among(parts: readonly string[]): (module: string) => boolean {
  const pattern = new RegExp(
    `(${parts.map(part => (part.endsWith('/') ? part : `${part}\\.([jt]s|svelte)$`)).join('|')})`,
  )
  return module => pattern.test(module.replaceAll('\\', '/'))
}
