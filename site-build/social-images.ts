import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import satori, { type Font } from 'satori'
import sharp from 'sharp'
import { builtPages } from './built-pages.ts'
import { cutToTrueType, FACES } from './faces.ts'

const WIDTH = 1200
const HEIGHT = 630
const PAPER = '#faf8f2'
const INK = '#1b1f26'
const SOFT = '#565d6b'
const CLIENT = '#1a57b0'
const SERVER = '#8f4b00'
/** Raised when the drawing below changes, so that pictures kept from before are not used. */
const EDITION = 1

/** What a picture says. */
export interface SocialCard {
  readonly title: string
  /** Above it, as in `2부 바이트 해부`. */
  readonly place: string | undefined
  /** Below it, in one to three lines. */
  readonly description: string
}

/**
 * Draws the picture that is shown when a page is shared: for each page that names one (`og:image`, there only with
 * SITE_URL), from what the page says of itself. Pictures are kept in `.cache/social/`, named by what they say.
 */
export function socialImages({ base }: { base: string }): AstroIntegration {
  let cache = ''
  return {
    name: 'social-images',
    hooks: {
      'astro:config:done': ({ config }) => {
        cache = join(fileURLToPath(config.root), '.cache', 'social')
      },
      'astro:build:done': async ({ dir }) => {
        for (const page of builtPages(dir)) {
          const image = page.meta('og:image')
          if (image === undefined) continue
          const file = await socialImage(cache, {
            title: page.meta('og:title') ?? '',
            place: page.meta('article:section'),
            description: page.meta('og:description') ?? '',
          })
          const path = new URL(image).pathname.slice(base.replace(/\/?$/, '/').length)
          const target = join(fileURLToPath(dir), decodeURIComponent(path))
          mkdirSync(dirname(target), { recursive: true })
          copyFileSync(file, target)
        }
      },
    },
  }
}

/** Path of the PNG, drawn unless it was kept. */
async function socialImage(cache: string, card: SocialCard): Promise<string> {
  const name = createHash('sha256')
    .update(JSON.stringify([EDITION, card]))
    .digest('hex')
    .slice(0, 16)
  const path = join(cache, `${name}.png`)
  if (existsSync(path)) return path
  const png = await drawSocialImage(card)
  mkdirSync(cache, { recursive: true })
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, png)
  renameSync(partial, path)
  return path
}

/** A PNG of 1200 × 630 pixels. */
export async function drawSocialImage(card: SocialCard): Promise<Buffer> {
  const svg = await satori(layout(card), { width: WIDTH, height: HEIGHT, fonts: await fontsFor(card) })
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9, palette: true, colours: 64 }).toBuffer()
}

async function fontsFor({ title, place, description }: SocialCard): Promise<Font[]> {
  const text = `웹소켓 해부학 WebSocket${title}${place ?? ''}${description}…`
  const fonts: Font[] = []
  for (const face of FACES) {
    if (face.draws === 'code') continue
    const weight = face.draws === 'title' ? 600 : 400
    fonts.push({ name: face.family, data: await cutToTrueType(face, text, weight), weight, style: 'normal' })
  }
  return fonts
}

interface Node {
  readonly type: string
  readonly props: Readonly<Record<string, unknown>> & { readonly children?: readonly (Node | string)[] }
}

function box(style: object, ...children: readonly (Node | string)[]): Node {
  return { type: 'div', props: { style: { display: 'flex', ...style }, children } }
}

/** The two lifelines of the course's figures on the right, the words on the left. */
function layout({ title, place, description }: SocialCard): Node {
  return box(
    {
      width: WIDTH,
      height: HEIGHT,
      padding: '72px 80px',
      background: PAPER,
      color: INK,
      fontFamily: 'Pretendard',
      wordBreak: 'keep-all',
      position: 'relative',
    },
    box(
      { flexDirection: 'column', justifyContent: 'space-between', width: 800, height: '100%' },
      box({ fontSize: 34, color: SOFT }, place ?? 'WebSocket'),
      box(
        { flexDirection: 'column', gap: 28 },
        box(
          {
            fontFamily: 'Noto Serif KR',
            fontWeight: 600,
            fontSize: title.length > 14 ? 72 : 92,
            lineHeight: 1.25,
          },
          title,
        ),
        box({ fontSize: 32, lineHeight: 1.55, color: SOFT, maxHeight: 150, overflow: 'hidden' }, description),
      ),
      box({ fontSize: 34, fontFamily: 'Noto Serif KR', fontWeight: 600 }, '웹소켓 해부학'),
    ),
    LIFELINES,
  )
}

/** What the course's figures are made of: time runs down, messages go to and fro. */
const LIFELINES: Node = {
  type: 'svg',
  props: {
    style: { position: 'absolute', left: 970, top: 72 },
    width: 150,
    height: HEIGHT - 144,
    viewBox: `0 0 150 ${HEIGHT - 144}`,
    children: [
      stroke(`M3 0V${HEIGHT - 144}M147 0V${HEIGHT - 144}`, INK),
      ...[60, 260].flatMap(top => [
        stroke(`M11 ${top}L137 ${top + 26}M119 ${top + 12}L137 ${top + 26}L116 ${top + 34}`, CLIENT),
        stroke(`M139 ${top + 100}L13 ${top + 126}M31 ${top + 112}L13 ${top + 126}L34 ${top + 134}`, SERVER),
      ]),
    ],
  },
}

function stroke(d: string, color: string): Node {
  return { type: 'path', props: { d, stroke: color, 'stroke-width': 4, fill: 'none' } }
}
