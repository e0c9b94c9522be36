import type { Root } from 'hast'
import { visit } from 'unist-util-visit'

/** Lessons link from the site's root (`/lessons/handshake/`); a site deployed under a path needs it in front. */
export function rehypeSiteLinks({ base }: { base: string }) {
  const prefix = base.replace(/\/+$/, '')
  return (tree: Root): void => {
    visit(tree, 'element', node => {
      const { href } = node.properties
      if (node.tagName !== 'a' || typeof href !== 'string') return
      if (href.startsWith('/') && !href.startsWith('//')) node.properties['href'] = prefix + href
    })
  }
}
