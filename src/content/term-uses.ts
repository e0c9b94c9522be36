import { render } from 'astro:content'
import type { Place } from './course.ts'
import { GLOSSARY, type TermId } from './glossary.ts'
import { termMentions } from './term-mentions.ts'
import { writtenLessons } from './written-lessons.ts'

/** The first place in a lesson where its prose uses a term. */
export interface TermUse {
  readonly place: Place
  /** Undefined before the first section. */
  readonly section: { readonly slug: string; readonly text: string } | undefined
}

/** For each term the written lessons that use it, in reading order. */
export async function termUses(): Promise<ReadonlyMap<TermId, readonly TermUse[]>> {
  const uses = new Map<TermId, TermUse[]>()
  for (const { entry, place } of await writtenLessons()) {
    const { headings } = await render(entry)
    const titles = headings.filter(({ depth }) => depth === 2)
    const seen = new Set<TermId>()
    for (const [index, source] of sectionsOf(entry.body ?? '').entries())
      for (const id of termsIn(source)) {
        if (seen.has(id)) continue
        seen.add(id)
        const list = uses.get(id) ?? []
        list.push({ place, section: titles[index - 1] })
        uses.set(id, list)
      }
  }
  return uses
}

const CODE = /^(```+|~~~+)[\s\S]*?^\1|`[^`\n]*`/gm

/** The Markdown before the first `##`, then that of each section without its heading. */
function sectionsOf(body: string): string[] {
  return body.replaceAll(CODE, '`').split(/^## .*$/m)
}

function* termsIn(source: string): Generator<TermId> {
  for (const [, id = ''] of source.matchAll(/<Term of="([^"]+)"/g)) if (isTerm(id)) yield id
  // What stands in a tag is for a component.
  for (const { id } of termMentions(source.replaceAll(/<[^>]*>/g, ' '))) yield id
}

function isTerm(id: string): id is TermId {
  return Object.hasOwn(GLOSSARY, id)
}
