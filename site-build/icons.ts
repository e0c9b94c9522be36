import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import sharp from 'sharp'

const PAPER = '#faf8f2'
const INK = '#1b1f26'
/** Side of the square that `public/icon.svg` is drawn in. */
const DRAWN = 32

/** `share`: how much of the side the drawing takes. A mask may cut away all but a circle 80 % wide. */
const ICONS = [
  { name: 'icon-192.png', size: 192, share: 0.85 },
  { name: 'icon-512.png', size: 512, share: 0.85 },
  { name: 'icon-maskable-512.png', size: 512, share: 0.7 },
  { name: 'apple-touch-icon.png', size: 180, share: 0.75 },
]

/** Draws `public/icon.svg` on paper as the pictures that installing asks for. */
export function icons(): AstroIntegration {
  let root = ''
  return {
    name: 'icons',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.publicDir)
      },
      'astro:build:done': async ({ dir }) => {
        const lines = linesOf(readFileSync(join(root, 'icon.svg'), 'utf8'))
        for (const { name, size, share } of ICONS)
          await sharp(Buffer.from(onPaper(lines, size, share)))
            .png({ compressionLevel: 9, palette: true })
            .toFile(join(fileURLToPath(dir), name))
      },
    },
  }
}

/** What the icon draws, without the colours that follow the reader's theme. */
function linesOf(svg: string): string {
  const lines = svg.match(/<path [^>]*\/>/g)
  if (!lines) throw new Error('public/icon.svg has no <path>')
  return lines.join('')
}

function onPaper(lines: string, size: number, share: number): string {
  const side = DRAWN / share
  const offset = (side - DRAWN) / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${side} ${side}">
  <rect width="${side}" height="${side}" fill="${PAPER}"/>
  <g transform="translate(${offset} ${offset})" stroke="${INK}">${lines}</g>
</svg>`
}
