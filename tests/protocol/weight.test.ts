import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** What a page ships that uses this; without the clause of exports, which no page's bundle has. */
async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  return outputFiles.map(file => file.text.replace(/export\{[^}]*\};\s*$/, '')).join('')
}

async function weightOf(source: string): Promise<number> {
  return gzipSync(await bundled(source), { level: 9 }).length
}

/** Everything the modules of a folder export, each under a name of its own. */
function allOf(folder: string): string {
  const modules = readdirSync(join(ROOT, folder)).filter(name => name.endsWith('.ts'))
  return modules.map(name => `export * from './${folder}/${name}'`).join('\n')
}

describe('in a browser', () => {
  it.each([
    ['protocol/, all of it,', allOf('protocol'), 12_000],
    [
      'all that is said of bytes in Korean, with what it needs of protocol/,',
      `${allOf('words')}\n${allOf('words/ko')}`,
      10_000,
    ],
    ['a trace', `export { ConnectionTrace } from './protocol/trace.ts'`, 10_000],
    ['a frame stream', `export { FrameStream } from './protocol/frame-stream.ts'`, 5_000],
    ['a frame parser', `export { FrameParser } from './protocol/frame-parser.ts'`, 2_450],
    ['a frame encoder', `export { encodeFrame } from './protocol/frame-encoder.ts'`, 1_400],
    ['the accept value', `export { acceptFor } from './protocol/accept.ts'`, 900],
  ])('%s weighs no more than it should', async (_, source, bytes) => {
    expect(await weightOf(source)).toBeLessThanOrEqual(bytes)
  })

  it('what is not used is not shipped: no HTTP in a frame parser, no inflating or SHA-1 in it either', async () => {
    const parser = await bundled(`export { FrameParser } from './protocol/frame-parser.ts'`)
    expect(parser).not.toMatch(/request-method|Sec-WebSocket|deflate_/)
    expect(await bundled(`export { ConnectionTrace } from './protocol/trace.ts'`)).not.toMatch(/[가-힣]/)
  })

  it('protocol/ has not a word for readers in it', async () => {
    expect(await bundled(allOf('protocol'))).not.toMatch(/[가-힣]|\b(must|should)\b/i)
  })
})
