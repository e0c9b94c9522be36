import type { ElementContent, Root } from 'hast'
import { visit } from 'unist-util-visit'
import type { VFile } from 'vfile'
import { attributeOf, eachElement, fail, setAttribute } from './lesson-tree.ts'
import { isQuestion } from './questions.ts'

/**
 * A question's `section="…"` names the heading of the section that answers it; this adds where that is. Needs the ids
 * of headings.
 */
export function rehypeReread() {
  return (tree: Root, file: VFile): void => {
    const sections = new Map<string, string>()
    visit(tree, 'element', node => {
      const { id } = node.properties
      if (/^h[23]$/.test(node.tagName) && typeof id === 'string')
        sections.set(textOf(node.children).trim(), id)
    })
    eachElement(tree, element => {
      const section = isQuestion(element) ? attributeOf(element, 'section') : undefined
      if (section === undefined) return
      const anchor = sections.get(section.trim())
      if (anchor === undefined)
        fail(
          file,
          element,
          `no section is called "${section}" (there are ${[...sections.keys()].join(', ')})`,
        )
      setAttribute(element, 'anchor', anchor)
    })
  }
}

function textOf(nodes: readonly ElementContent[]): string {
  return nodes
    .map(node => (node.type === 'text' ? node.value : 'children' in node ? textOf(node.children) : ''))
    .join('')
}
