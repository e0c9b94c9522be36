import rss from '@astrojs/rss'
import type { APIRoute } from 'astro'
import { lessonLink, siteLink } from '../components/site/links.ts'
import { COURSE_DESCRIPTION, COURSE_TITLE } from '../content/course.ts'
import { writtenLessons } from '../content/written-lessons.ts'

/** A feed is read away from the site, so there is one only where the site knows its address. */
export function getStaticPaths() {
  return import.meta.env.SITE ? [{ params: { feed: 'rss' } }] : []
}

/** The lessons, the last of the course first, as readers of feeds expect the newest. */
export const GET: APIRoute = async ({ site }) => {
  if (!site) return new Response(null, { status: 404 })
  const lessons = await writtenLessons()
  return rss({
    title: COURSE_TITLE,
    description: COURSE_DESCRIPTION,
    site: new URL(siteLink(), site).href,
    trailingSlash: true,
    customData: '<language>ko</language>',
    items: lessons.toReversed().map(({ entry, place }) => ({
      title: `${place.number} ${entry.data.title}`,
      description: entry.data.lead,
      link: new URL(lessonLink(place.planned.slug), site).href,
      categories: [`${place.part}부 ${place.partTitle}`],
    })),
  })
}
