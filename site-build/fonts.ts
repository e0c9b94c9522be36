import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { attributeOf, builtPages, textIn, type BuiltPage } from './built-pages.ts'
import { cutFace, FACES, fontFaceRule, type Face } from './faces.ts'
import { charactersOf, collectFontText, type FontText } from './font-text.ts'

const VIRTUAL = 'virtual:course-fonts'

/**
 * Cuts each face down to the characters the sources hold, so that a page loads little and still everything it shows:
 * the core, which all pages share; a small file with what the page has besides; and, only if a script shows a
 * character that is in neither, the rest.
 *
 * Gives pages two modules: `virtual:course-fonts.css` (the rules for core and rest) and `virtual:course-fonts`
 * (`preloads`: addresses of the cores). The pages' own files are cut when the pages are there.
 */
export function fonts({ base }: { base: string }): AstroIntegration {
  let cache = ''
  let text: FontText | undefined
  return {
    name: 'course-fonts',
    hooks: {
      'astro:config:setup': async ({ config, updateConfig }) => {
        const root = fileURLToPath(config.root)
        cache = join(root, '.cache', 'fonts')
        text = collectFontText(root)
        updateConfig({ vite: { plugins: [await fontModules(cache, text)] } })
      },
      'astro:build:done': async ({ dir }) => {
        if (!text) return
        const assets = join(fileURLToPath(dir), '_astro')
        mkdirSync(assets, { recursive: true })
        for (const page of builtPages(dir)) {
          const own = await cutForPage(page, cache, text)
          if (own.length === 0) continue
          for (const { file } of own) copyFileSync(file, join(assets, basename(file)))
          const css = own
            .map(({ face, file, characters }) => fontFaceRule(face, basename(file), characters))
            .join('')
          const sheet = `fonts.${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`
          writeFileSync(join(assets, sheet), css)
          const folder = `${base.replace(/\/?$/, '/')}_astro/`
          page.putLast(
            own.map(({ file }) => preload(folder + basename(file))).join('') +
              `<link rel="stylesheet" href="${folder}${sheet}">`,
          )
          page.save()
        }
      },
    },
  }
}

function preload(href: string): string {
  return `<link rel="preload" href="${href}" as="font" type="font/woff2" crossorigin>`
}

interface Cut {
  readonly face: Face
  readonly file: string
  readonly characters: string
}

async function cutForPage(page: BuiltPage, cache: string, text: FontText): Promise<Cut[]> {
  const shown = { text: '', title: '', code: '' }
  for (const element of page.elements()) {
    if (element.tagName === 'body') shown.text = textIn(element)
    if (isTitle(element.tagName, attributeOf(element, 'class') ?? '')) shown.title += textIn(element)
  }
  const cuts: Cut[] = []
  for (const face of FACES) {
    const core = new Set(text[face.draws].core)
    const characters = [...charactersOf(shown[face.draws])]
      .filter(char => !core.has(char))
      .toSorted()
      .join('')
    if (characters !== '') cuts.push({ face, characters, file: await cutFace(cache, face, characters) })
  }
  return cuts
}

/** Whether an element is set in the title face: the headings but those that say otherwise, and what is called a title. */
function isTitle(tagName: string, className: string): boolean {
  return (/^h[1-4]$/.test(tagName) && !/text-face/.test(className)) || /title/.test(className)
}

async function fontModules(cache: string, text: FontText) {
  const cores: string[] = []
  let css = ''
  for (const face of FACES) {
    const { core, rest } = text[face.draws]
    const file = await cutFace(cache, face, core)
    cores.push(file)
    css += fontFaceRule(face, file)
    if (rest !== '') css += fontFaceRule(face, await cutFace(cache, face, rest), rest)
  }
  const module = `${cores.map((file, index) => `import font${index} from '${file}?url'`).join('\n')}
export const preloads = [${cores.map((_, index) => `font${index}`).join(', ')}]`
  return {
    name: 'course-fonts',
    resolveId: (id: string) => (id === VIRTUAL || id === `${VIRTUAL}.css` ? `\0${id}` : undefined),
    load: (id: string) => (id === `\0${VIRTUAL}` ? module : id === `\0${VIRTUAL}.css` ? css : undefined),
  }
}
