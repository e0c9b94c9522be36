import type { Root } from 'hast'
import { visit } from 'unist-util-visit'

/** Ends each section's heading with a link to itself, so that a reader can point someone at it. */
export function rehypeHeadingLinks() {
  return (tree: Root): void => {
    visit(tree, 'element', node => {
      const { id } = node.properties
      if (!/^h[2-4]$/.test(node.tagName) || typeof id !== 'string') return
      node.children.push({
        type: 'element',
        tagName: 'a',
        properties: { className: ['heading-link'], href: `#${id}`, ariaLabel: '이 절의 주소' },
        children: [],
      })
    })
  }
}
