import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import subsetFont from 'subset-font'
import { collectFontText, type FontText } from './font-text.ts'

interface Face {
  readonly family: string
  readonly file: string
  readonly weight: string
  readonly text: keyof FontText
  readonly axes?: { readonly wght: { readonly min: number; readonly max: number } }
  /** Loaded with the page rather than when a glyph asks for it. */
  readonly preload: boolean
}

const FACES: readonly Face[] = [
  {
    family: 'Pretendard',
    file: 'pretendard/dist/public/variable/PretendardVariable.ttf',
    weight: '400 700',
    text: 'text',
    axes: { wght: { min: 400, max: 700 } },
    preload: true,
  },
  {
    family: 'Noto Serif KR',
    file: '@fontsource/noto-serif-kr/files/noto-serif-kr-korean-600-normal.woff2',
    weight: '600',
    text: 'title',
    preload: true,
  },
  {
    family: 'JetBrains Mono',
    file: '@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2',
    weight: '400',
    text: 'code',
    preload: false,
  },
]

const VIRTUAL = 'virtual:course-fonts'

/**
 * Cuts each face down to the characters the sources hold and gives pages two modules:
 * `virtual:course-fonts.css` (the @font-face rules) and `virtual:course-fonts` (`preloads`: addresses to load first).
 * Subsets are kept in `.cache/fonts/`, named by what went into them.
 */
export function fonts(): AstroIntegration {
  return {
    name: 'course-fonts',
    hooks: {
      'astro:config:setup': async ({ config, updateConfig }) => {
        const root = fileURLToPath(config.root)
        const text = collectFontText(root)
        const files = await Promise.all(FACES.map(face => subsetFile(root, face, text[face.text])))
        updateConfig({ vite: { plugins: [fontModules(files)] } })
      },
    },
  }
}

async function subsetFile(root: string, face: Face, text: string): Promise<string> {
  const original = readFileSync(packagePath(face.file))
  const name = createHash('sha256')
    .update(original)
    .update(JSON.stringify([text, face.axes]))
    .digest('hex')
    .slice(0, 12)
  const folder = join(root, '.cache', 'fonts')
  const path = join(folder, `${face.family.toLowerCase().replaceAll(' ', '-')}-${name}.woff2`)
  if (existsSync(path)) return path
  const subset = await subsetFont(original, text, {
    targetFormat: 'woff2',
    ...(face.axes && { variationAxes: face.axes }),
  })
  mkdirSync(folder, { recursive: true })
  // Two builds may run at once: neither may ever see half a file.
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, subset)
  renameSync(partial, path)
  return path
}

/** Packages with an `exports` map do not resolve deep paths: go through the folder. */
function packagePath(file: string): string {
  return fileURLToPath(new URL(`../node_modules/${file}`, import.meta.url))
}

function fontModules(files: readonly string[]) {
  const css = FACES.map(
    (face, index) => `@font-face {
  font-family: '${face.family}';
  src: url('${files[index] ?? ''}') format('woff2');
  font-weight: ${face.weight};
  font-display: optional;
}`,
  ).join('\n')
  const preloads = files.filter((_, index) => FACES[index]?.preload)
  const module = `${preloads.map((file, index) => `import font${index} from '${file}?url'`).join('\n')}
export const preloads = [${preloads.map((_, index) => `font${index}`).join(', ')}]`
  return {
    name: 'course-fonts',
    resolveId: (id: string) => (id === VIRTUAL || id === `${VIRTUAL}.css` ? `\0${id}` : undefined),
    load: (id: string) => (id === `\0${VIRTUAL}` ? module : id === `\0${VIRTUAL}.css` ? css : undefined),
  }
}
