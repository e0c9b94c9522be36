import { courseMarkdown } from '../../../src/markdown/processor.ts'

const HANDSHAKE = '/course/src/content/lessons/02-anatomy/01-handshake.mdx'

/** Compiles the source of a lesson as the site does, to the JavaScript that renders it. */
export async function compileLesson(
  source: string,
  {
    base = '/',
    path = HANDSHAKE,
    frontmatter = {},
  }: { base?: string; path?: string; frontmatter?: Record<string, unknown> } = {},
): Promise<string> {
  const renderer = await courseMarkdown({ base }).createMdxRenderer?.(
    { syntaxHighlight: false },
    { optimize: false },
  )
  if (!renderer) throw new Error('the Markdown processor does not read MDX')
  const { code } = await renderer.process(source, path, frontmatter)
  return code
}
