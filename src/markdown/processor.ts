import { rehypeHeadingIds, unified } from '@astrojs/markdown-remark'
import remarkCjkFriendly from 'remark-cjk-friendly'
import { rehypeCitations } from './rehype-citations.ts'
import { rehypeCode } from './rehype-code.ts'
import { rehypeHeadingLinks } from './rehype-heading-links.ts'
import { rehypeInlineCode } from './rehype-inline-code.ts'
import { rehypeReread } from './rehype-reread.ts'
import { rehypeSiteLinks } from './rehype-site-links.ts'
import { remarkFurniture } from './remark-furniture.ts'

/**
 * How lessons become HTML. `remark-cjk-friendly` lets `**프레임(frame)**은` be bold; smart punctuation stays off
 * because it would rewrite quotes that are bytes.
 */
export function courseMarkdown({ base }: { base: string }) {
  return unified({
    smartypants: false,
    remarkPlugins: [remarkCjkFriendly, remarkFurniture],
    rehypePlugins: [
      rehypeCode,
      rehypeInlineCode,
      rehypeCitations,
      rehypeHeadingIds,
      rehypeReread,
      rehypeHeadingLinks,
      [rehypeSiteLinks, { base }],
    ],
  })
}
