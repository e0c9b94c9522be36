import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import subsetFont from 'subset-font'
import type { FontText } from './font-text.ts'

/** A typeface of the course. */
export interface Face {
  readonly family: string
  readonly file: string
  readonly weight: string
  /** Which characters it draws. */
  readonly draws: keyof FontText
  readonly axes?: { readonly wght: { readonly min: number; readonly max: number } }
  /** OpenType features kept; the glyphs of the others, alternates nobody asks for, are left out. */
  readonly features: readonly string[]
}

const SHAPING = ['ccmp', 'locl', 'mark', 'mkmk', 'kern']

export const FACES: readonly Face[] = [
  {
    family: 'Pretendard',
    file: 'pretendard/dist/public/variable/PretendardVariable.ttf',
    weight: '400 700',
    draws: 'text',
    axes: { wght: { min: 400, max: 700 } },
    features: [...SHAPING, 'liga', 'calt', 'tnum'],
  },
  {
    family: 'Noto Serif KR',
    file: '@fontsource/noto-serif-kr/files/noto-serif-kr-korean-600-normal.woff2',
    weight: '600',
    draws: 'title',
    features: SHAPING,
  },
  {
    // Without its ligatures: bytes and code are read letter by letter.
    family: 'JetBrains Mono',
    file: '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
    weight: '400 700',
    draws: 'code',
    axes: { wght: { min: 400, max: 700 } },
    features: SHAPING,
  },
]

/**
 * Cuts a face down to some characters.
 * @param cache folder where cuts are kept, named by what went into them
 * @returns path of a WOFF2 file in it
 */
export async function cutFace(cache: string, face: Face, characters: string): Promise<string> {
  const original = readFileSync(packagePath(face.file))
  const name = createHash('sha256')
    .update(original)
    .update(JSON.stringify([characters, face.axes, face.features]))
    .digest('hex')
    .slice(0, 12)
  const path = join(cache, `${face.family.toLowerCase().replaceAll(' ', '-')}-${name}.woff2`)
  if (existsSync(path)) return path
  const subset = await subsetFont(original, characters, {
    targetFormat: 'woff2',
    keepFeatures: face.features,
    ...(face.axes && { variationAxes: face.axes }),
  })
  mkdirSync(cache, { recursive: true })
  // Two builds may run at once: neither may ever see half a file.
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, subset)
  renameSync(partial, path)
  return path
}

/** The face at one weight, for a program that draws words with it rather than a browser. */
export async function cutToTrueType(face: Face, characters: string, weight: number): Promise<Buffer> {
  return subsetFont(readFileSync(packagePath(face.file)), characters, {
    targetFormat: 'truetype',
    keepFeatures: SHAPING,
    ...(face.axes && { variationAxes: { wght: weight } }),
  })
}

/** Packages with an `exports` map do not resolve deep paths: go through the folder. */
function packagePath(file: string): string {
  return fileURLToPath(new URL(`../node_modules/${file}`, import.meta.url))
}

/**
 * The rule that loads a file of a face.
 * @param characters the only ones it is loaded for; left out: every one that no later rule names
 */
export function fontFaceRule(face: Face, url: string, characters?: string): string {
  return `@font-face {
  font-family: '${face.family}';
  src: url('${url}') format('woff2');
  font-weight: ${face.weight};
  font-display: optional;
${characters === undefined ? '' : `  unicode-range: ${unicodeRange(characters)};\n`}}
`
}

/** As CSS writes it: `U+41-5A, U+AC00`. */
export function unicodeRange(characters: string): string {
  const points = [...new Set(characters)].map(char => char.codePointAt(0) ?? 0).toSorted((a, b) => a - b)
  const ranges: { start: number; end: number }[] = []
  for (const point of points) {
    const last = ranges.at(-1)
    if (last?.end === point - 1) last.end = point
    else ranges.push({ start: point, end: point })
  }
  const hex = (point: number): string => point.toString(16).toUpperCase()
  return ranges
    .map(({ start, end }) => (start === end ? `U+${hex(start)}` : `U+${hex(start)}-${hex(end)}`))
    .join(', ')
}
