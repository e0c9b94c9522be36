import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const PROTOCOL = join(import.meta.dirname, '../../protocol')

/** Modules that hold sentences for readers: shipped only where they are shown. */
const PROSE = [
  'rules.ts',
  'rules-ko.ts',
  'rules-en.ts',
  'frame-layout.ts',
  'head-layout.ts',
  'close-codes.ts',
]

async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: PROTOCOL, loader: 'ts' },
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  return outputFiles.map(file => file.text).join('')
}

async function weightOf(source: string): Promise<number> {
  return gzipSync(await bundled(source), { level: 9 }).length
}

const modules = readdirSync(PROTOCOL).filter(name => name.endsWith('.ts'))
const exportsOf = (names: readonly string[]) => names.map(name => `export * from './${name}'`).join('\n')

describe('in a browser', () => {
  it.each([
    ['all of the code', exportsOf(modules.filter(name => !PROSE.includes(name))), 12_000],
    ['all of the code and every sentence in two languages', exportsOf(modules), 21_000],
    ['a trace', `export { ConnectionTrace } from './trace.ts'`, 9_500],
    ['a frame parser', `export { FrameParser } from './frame-parser.ts'`, 2_400],
    ['a frame encoder', `export { encodeFrame } from './frame-encoder.ts'`, 1_400],
    ['the accept value', `export { acceptFor } from './accept.ts'`, 900],
  ])('%s weighs no more than it should', async (_, source, bytes) => {
    expect(await weightOf(source)).toBeLessThanOrEqual(bytes)
  })

  it('what is not used is not shipped: no Korean in a trace, no rules about HTTP in a frame parser', async () => {
    expect(await bundled(`export { ConnectionTrace } from './trace.ts'`)).not.toMatch(/다\./)
    expect(await bundled(`export { FrameParser } from './frame-parser.ts'`)).not.toContain('request-method')
  })
})
