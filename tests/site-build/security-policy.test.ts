import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { makePagesStrict, securityPolicy } from '../../site-build/security-policy.ts'

describe('the security policy', () => {
  const connect = (sandboxUrl?: string) => /connect-src ([^;]*)/.exec(securityPolicy(sandboxUrl))?.[1]

  test('allows no script and no style but files of the site', () => {
    expect(securityPolicy(undefined)).toContain("script-src 'self'; style-src 'self';")
    expect(securityPolicy('wss://sandbox.example')).not.toMatch(/unsafe|sha256|nonce|data:/)
  })

  test('lets pages connect to their own host, by the schemes of WebSocket, when the sandbox is at home', () => {
    expect(connect()).toBe("'self' ws: wss:")
    expect(connect('')).toBe("'self' ws: wss:")
  })

  test.each([
    ['wss://sandbox.example/', 'wss://sandbox.example https://sandbox.example'],
    ['https://sandbox.example:8443', 'wss://sandbox.example:8443 https://sandbox.example:8443'],
    ['ws://127.0.0.1:8787', 'ws://127.0.0.1:8787 http://127.0.0.1:8787'],
  ])('names the sandbox at %s by both its schemes, and no other host', (url, source) => {
    expect(connect(url)).toBe(`'self' ${source}`)
  })

  test.each(['sandbox.example', 'ftp://a.example', '/control'])('refuses %s with a sentence', url => {
    expect(() => securityPolicy(url)).toThrow(`PUBLIC_SANDBOX_URL is "${url}": expected a URL`)
  })
})

describe('a built page', () => {
  /** Makes a site of one page with this in its body, and gives back what became of it. */
  function strict(body: string, base = '/'): { page: string; scripts: string[] } {
    const folder = mkdtempSync(join(tmpdir(), 'strict-'))
    writeFileSync(
      join(folder, 'index.html'),
      `<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body>${body}</body></html>`,
    )
    makePagesStrict(pathToFileURL(`${folder}/`), { base, policy: "script-src 'self'" })
    const scripts = readdirSync(join(folder, '_astro'))
    return {
      page: readFileSync(join(folder, 'index.html'), 'utf8'),
      scripts: scripts.map(name => readFileSync(join(folder, '_astro', name), 'utf8')),
    }
  }

  test('carries the policy before anything it governs', () => {
    const { page } = strict('')
    expect(page).toContain(
      `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src 'self'"><title>`,
    )
  })

  test('loads what was inline from one file, in its order, under the path of the site', () => {
    const { page, scripts } = strict('<script>first()</script><p>글</p><script>second()</script>', '/course')
    expect(scripts).toEqual(['first();\nsecond();\n'])
    expect(page).toMatch(/<script async src="\/course\/_astro\/islands\.[0-9a-f]{8}\.js"><\/script>/)
    expect(page).toContain('<body><p>글</p></body>')
  })

  test('keeps data and files of its own, and whatever only looks like a script', () => {
    const kept =
      '<script type="application/ld+json">{"a":1}</script><script src="/a.js"></script>' +
      '<div data-bytes="<script>x()</script>"></div>'
    const { page, scripts } = strict(kept)
    expect(page).toContain(`<body>${kept}</body>`)
    expect(scripts).toEqual([])
  })

  test('gives up the style that Astro writes for islands, which base.css has', () => {
    const { page } = strict('<style>astro-island,astro-slot,astro-static-slot{display:contents}</style>')
    expect(page).toContain('<body></body>')
  })

  test.each([
    ['<p style="color:red">', 'index.html: <p style="color:red"> breaks the security policy'],
    ['<button onclick="x()">', 'index.html: <button onclick="x()"> breaks the security policy'],
    ['<style>p{}</style>', 'index.html: a <style> is inline: p{}'],
    ['<script type="module">import "/a.js"</script>', 'index.html: a <script type="module"> is inline'],
  ])('stops the build when it holds %s', (body, problem) => {
    expect(() => strict(body)).toThrow(problem)
  })
})
