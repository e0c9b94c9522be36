import type { APIRoute } from 'astro'
import { absoluteLink, lessonMarkdownLink, siteLink } from '../components/site/links.ts'
import { COURSE_DESCRIPTION, COURSE_TITLE } from '../content/course.ts'
import { courseMap } from '../content/written-lessons.ts'

/** The course for language models, as llmstxt.org has it: what it is, and where each lesson lies as Markdown. */
export const GET: APIRoute = async ({ site }) => {
  const link = (path: string): string => absoluteLink(site, path) ?? path
  const parts = (await courseMap()).flatMap(({ title, blurb, rows }, index) => {
    const lessons = rows.flatMap(({ place, written }) =>
      written
        ? [
            `- [${place.number} ${place.planned.title}](${link(lessonMarkdownLink(place.planned.slug))}): ${written.data.lead}`,
          ]
        : [],
    )
    return lessons.length > 0 ? [`## ${index + 1}부 ${title}\n\n${blurb}\n\n${lessons.join('\n')}`] : []
  })
  return new Response(`# ${COURSE_TITLE}

> ${COURSE_DESCRIPTION}

웹소켓(WebSocket, RFC 6455)을 한국어로 배우는 강의입니다. 글에 나오는 바이트는 실제 브라우저와 실제 서버의 연결을 캡처한
기록에서 왔습니다. 아래 주소는 장마다 하나씩 있는 Markdown 판이고, 실험대는 [강의 페이지](${link(siteLink())})에 있습니다.

${parts.join('\n\n')}
`)
}
