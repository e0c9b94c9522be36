import type { Element, ElementContent, Root } from 'hast'
import type { MdxJsxTextElementHast } from 'mdast-util-mdx-jsx'
import { visit } from 'unist-util-visit'

/**
 * `<Rfc>` after a finished sentence is a citation, which the page may set in the margin; one that is a word of a
 * sentence (`<Rfc section="4.1" />의 여섯째 항목`) has to stay in it. Citations get `cited`.
 */
export function rehypeCitations() {
  return (tree: Root): void => {
    visit(tree, 'element', node => {
      if (node.tagName === 'p' || node.tagName === 'li') markCitations(node)
    })
  }
}

function markCitations({ children }: Element): void {
  let finished = false
  children.forEach((child, index) => {
    if (isRfc(child)) {
      finished &&= standsAlone(children[index + 1])
      if (finished) child.attributes.push({ type: 'mdxJsxAttribute', name: 'cited', value: null })
    } else if (child.type !== 'text' || child.value.trim() !== '') finished = endsSentence(child)
  })
}

function endsSentence(node: ElementContent): boolean {
  return node.type === 'text' && /[.?!][)”’]?\s+$/.test(node.value)
}

function standsAlone(next: ElementContent | undefined): boolean {
  return next === undefined || isRfc(next) || (next.type === 'text' && /^\s/.test(next.value))
}

function isRfc(node: ElementContent): node is MdxJsxTextElementHast {
  return node.type === 'mdxJsxTextElement' && node.name === 'Rfc'
}
