import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { attributeOf, builtPages, textIn, type BuiltPage } from './built-pages.ts'
import { sandboxOrigin } from './site-settings.ts'

/**
 * The content security policy of every page: nothing but files of the site, no inline script, no inline style.
 * @param sandboxUrl value of PUBLIC_SANDBOX_URL
 * @throws SettingError when that is not an address a page can connect to
 */
export function securityPolicy(sandboxUrl: string | undefined): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    `connect-src ${connectSources(sandboxUrl).join(' ')}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join('; ')
}

/**
 * What pages may connect to. A sandbox on the page's own host has no name yet when the page is built, and `'self'`
 * covers ws: and wss: of that host in CSP level 3 but not in every browser still in use: only then are all hosts of
 * these schemes allowed.
 */
function connectSources(sandboxUrl: string | undefined): string[] {
  const sandbox = sandboxOrigin(sandboxUrl)
  // The same host over HTTP, for its streams of events.
  return ["'self'", ...(sandbox === undefined ? ['ws:', 'wss:'] : [sandbox, sandbox.replace(/^ws/, 'http')])]
}

/** What Astro writes beside islands; `base.css` says the same. */
const ISLAND_STYLE = 'astro-island,astro-slot,astro-static-slot{display:contents}'
/** Types of <script> that hold data: never executed, so no policy asks about them. */
const DATA = ['application/ld+json', 'application/json']

interface Strictness {
  readonly base: string
  readonly policy: string
}

/** Makes the built pages fit the policy when they are there. */
export function strictPages(strictness: Strictness): AstroIntegration {
  return {
    name: 'strict-pages',
    hooks: { 'astro:build:done': ({ dir }) => makePagesStrict(dir, strictness) },
  }
}

/**
 * Makes the pages of a site fit a policy without inline script or style, as a <meta> and as any server's header:
 * moves Astro's helpers for islands into files.
 * @throws Error naming the page when it holds what cannot be moved
 */
export function makePagesStrict(dir: URL, { base, policy }: Strictness): void {
  const assets = new URL('_astro/', dir)
  mkdirSync(assets, { recursive: true })
  for (const page of builtPages(dir)) {
    removeInlineStyle(page)
    const code = takeInlineScripts(page)
    let head = `<meta http-equiv="Content-Security-Policy" content="${policy}">`
    if (code !== '') {
      const name = `islands.${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`
      writeFileSync(fileURLToPath(new URL(name, assets)), code)
      // Islands wait for it however late it comes; nothing else does.
      head += `<script async src="${base.replace(/\/?$/, '/')}_astro/${name}"></script>`
    }
    page.putFirst(head)
    page.save()
  }
}

/** Inline scripts of a page in their order, as the text of one file; '' when there are none. */
function takeInlineScripts(page: BuiltPage): string {
  let code = ''
  for (const script of page.elements('script')) {
    if (attributeOf(script, 'src') !== undefined || DATA.includes(attributeOf(script, 'type') ?? '')) continue
    const type = attributeOf(script, 'type')
    if (type !== undefined) throw new Error(`${page.name}: a <script type="${type}"> is inline`)
    code += `${textIn(script)};\n`
    page.replace(script, '')
  }
  return code
}

function removeInlineStyle(page: BuiltPage): void {
  for (const element of page.elements()) {
    if (element.tagName === 'style') {
      if (textIn(element).trim() !== ISLAND_STYLE)
        throw new Error(`${page.name}: a <style> is inline: ${textIn(element).slice(0, 80)}`)
      page.replace(element, '')
    }
    const wrong = element.attrs.find(({ name }) => name === 'style' || /^on[a-z]/.test(name))
    if (wrong)
      throw new Error(
        `${page.name}: <${element.tagName} ${wrong.name}="${wrong.value.slice(0, 80)}"> breaks the security policy`,
      )
  }
}
