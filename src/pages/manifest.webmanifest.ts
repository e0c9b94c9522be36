import type { APIRoute } from 'astro'
import { siteLink } from '../components/site/links.ts'
import { COURSE_DESCRIPTION, COURSE_TITLE } from '../content/course.ts'

/** What a browser needs to install the course; the pictures are drawn from `icon.svg` when the site is built. */
export const GET: APIRoute = () =>
  Response.json({
    id: siteLink(),
    name: COURSE_TITLE,
    short_name: COURSE_TITLE,
    description: COURSE_DESCRIPTION,
    lang: 'ko',
    dir: 'ltr',
    start_url: siteLink(),
    scope: siteLink(),
    display: 'standalone',
    background_color: '#faf8f2',
    theme_color: '#faf8f2',
    categories: ['education'],
    icons: [
      { src: siteLink('icon-192.png'), sizes: '192x192', type: 'image/png' },
      { src: siteLink('icon-512.png'), sizes: '512x512', type: 'image/png' },
      { src: siteLink('icon-maskable-512.png'), sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  })
