import { getCollection, type CollectionEntry } from 'astro:content'
import { COURSE, PLACES, placeOfFile, type Place } from './course.ts'

export interface WrittenLesson {
  readonly entry: CollectionEntry<'lessons'>
  readonly place: Place
}

/**
 * The lessons that exist, in reading order.
 * @throws Error naming the file when a lesson disagrees with `course.ts`
 */
export async function writtenLessons(): Promise<WrittenLesson[]> {
  const entries = await getCollection('lessons')
  const lessons = entries.map(entry => ({ entry, place: placeOfFile(entry.id) }))
  for (const { entry, place } of lessons) {
    if (entry.data.title !== place.planned.title)
      throw new Error(`${entry.id}: title is "${entry.data.title}", course.ts has "${place.planned.title}"`)
    for (const slug of entry.data.prerequisites)
      if (!PLACES.some(one => one.planned.slug === slug))
        throw new Error(`${entry.id}: prerequisite "${slug}" is no lesson of course.ts`)
  }
  return lessons.toSorted((a, b) => PLACES.indexOf(a.place) - PLACES.indexOf(b.place))
}

/** One row of the map of the course. */
export interface MapRow {
  readonly place: Place
  /** Undefined while it is not written. */
  readonly written: CollectionEntry<'lessons'> | undefined
}

/** The whole course by part, each lesson with its text when there is one. */
export async function courseMap(): Promise<{ title: string; blurb: string; rows: MapRow[] }[]> {
  const written = await writtenLessons()
  return COURSE.map((part, index) => ({
    title: part.title,
    blurb: part.blurb,
    rows: PLACES.filter(place => place.part === index + 1).map(place => ({
      place,
      written: written.find(lesson => lesson.place === place)?.entry,
    })),
  }))
}
