import { lessonLink, siteLink } from './links.ts'
import { COURSE_DESCRIPTION, COURSE_TITLE } from '../../content/course.ts'
import type { WrittenLesson } from '../../content/written-lessons.ts'

/** Something in the words of schema.org, as search engines read it. Undefined members are left out of the JSON. */
export type Thing = Readonly<Record<string, unknown>> & { readonly '@type': string }

/** Gives a link its scheme and host, or nothing where the site does not know them. */
type Absolute = (link: string) => string | undefined

const LANGUAGE = { inLanguage: 'ko', isAccessibleForFree: true } as const

/** The course with its written lessons. */
export function courseData(lessons: readonly WrittenLesson[], absolute: Absolute): Thing {
  const minutes = lessons.reduce((sum, { entry }) => sum + entry.data.minutes, 0)
  return {
    ...courseItself(absolute),
    description: COURSE_DESCRIPTION,
    ...LANGUAGE,
    hasCourseInstance: {
      '@type': 'CourseInstance',
      courseMode: 'Online',
      courseWorkload: duration(minutes),
    },
    offers: { '@type': 'Offer', category: 'Free', price: 0, priceCurrency: 'KRW' },
    hasPart: lessons.map(lesson => lessonItself(lesson, absolute)),
  }
}

/** One lesson: what it teaches, how long it takes, what comes before. */
export function lessonData(lesson: WrittenLesson, absolute: Absolute): Thing {
  const { lead, goals, prerequisites } = lesson.entry.data
  return {
    ...lessonItself(lesson, absolute),
    description: lead,
    ...LANGUAGE,
    learningResourceType: '강의',
    teaches: goals,
    coursePrerequisites:
      prerequisites.length > 0 ? prerequisites.map(slug => absolute(lessonLink(slug))) : undefined,
    isPartOf: courseItself(absolute),
  }
}

function courseItself(absolute: Absolute): Thing {
  const url = absolute(siteLink())
  return {
    '@type': 'Course',
    '@id': url,
    url,
    name: COURSE_TITLE,
    provider: { '@type': 'Organization', name: COURSE_TITLE, url },
  }
}

function lessonItself({ entry, place }: WrittenLesson, absolute: Absolute): Thing {
  const url = absolute(lessonLink(place.planned.slug))
  return {
    '@type': 'LearningResource',
    '@id': url,
    url,
    name: entry.data.title,
    position: place.number,
    timeRequired: duration(entry.data.minutes),
  }
}

/** As ISO 8601 says it. */
function duration(minutes: number): string {
  return `PT${minutes}M`
}
