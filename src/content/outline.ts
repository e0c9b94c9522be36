import { render, type CollectionEntry } from 'astro:content'

/** What of a lesson a reader can answer and pass, by id in reading order. */
export interface Outline {
  readonly questions: readonly string[]
  readonly missions: readonly string[]
}

/** The outline that `remark-furniture.ts` has left in a lesson. */
export async function outlineOf(entry: CollectionEntry<'lessons'>): Promise<Outline> {
  const { remarkPluginFrontmatter } = await render(entry)
  return remarkPluginFrontmatter['outline'] as Outline
}
