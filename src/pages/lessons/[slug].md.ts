import type { APIRoute, InferGetStaticPropsType } from 'astro'
import { parseRecording } from '#recording/recording.ts'
import { absoluteLink, lessonLink, siteLink } from '../../components/site/links.ts'
import { COURSE_TITLE, PLACES } from '../../content/course.ts'
import { recordedRace } from '../../content/races.ts'
import { recordings } from '../../content/recordings.ts'
import { writtenLessons, type WrittenLesson } from '../../content/written-lessons.ts'
import { plainLesson } from '../../markdown/plain-lesson.ts'

export async function getStaticPaths() {
  const lessons = await writtenLessons()
  return lessons.map(lesson => ({ params: { slug: lesson.place.planned.slug }, props: { lesson } }))
}

/** A lesson as plain Markdown, for whoever reads it without a browser. */
export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props: { lesson }, site }) =>
  new Response(markdownOf(lesson, site))

function markdownOf({ entry, place }: WrittenLesson, site: URL | undefined): string {
  const link = (path: string): string => absoluteLink(site, path) ?? path
  const { title, lead, minutes, goals, prerequisites } = entry.data
  const page = link(lessonLink(place.planned.slug))
  const before = PLACES.filter(one => prerequisites.includes(one.planned.slug)).map(
    one => `[${one.number} ${one.planned.title}](${link(lessonLink(one.planned.slug))})`,
  )
  const body = plainLesson(entry.body ?? '', {
    path: entry.id,
    page,
    link: path => link(siteLink(path.slice(1))),
    recording: name => parseRecording(recordings.get(name)),
    race: name => recordedRace(name),
  })
  return `# ${place.number} ${title}

> ${lead}

- 강의: [${COURSE_TITLE}](${link(siteLink())}), ${place.part}부 ${place.partTitle}
- 실험대가 있는 페이지: <${page}>
- 걸리는 시간: 약 ${minutes}분${before.length > 0 ? `\n- 먼저 읽을 장: ${before.join(', ')}` : ''}

## 목표

${goals.map(goal => `- ${goal}`).join('\n')}

${body}
`
}
