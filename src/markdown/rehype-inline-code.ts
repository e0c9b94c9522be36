import type { Root } from 'hast'
import { SKIP, visit } from 'unist-util-visit'

/** Characters up to which code in a sentence is kept in one piece: the longest that leaves a phone's line some room. */
const WHOLE = 24

/** `Sec-WebSocket-Key` must not end a line with `Sec-`: short code in prose gets the class `whole`. */
export function rehypeInlineCode() {
  return (tree: Root): void => {
    visit(tree, 'element', node => {
      if (node.tagName === 'pre') return SKIP
      const [text] = node.children
      if (node.tagName === 'code' && text?.type === 'text' && text.value.length <= WHOLE)
        node.properties['className'] = ['whole']
      return undefined
    })
  }
}
