import { readdirSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Root, RootContent } from 'mdast'
import { attributeOf, eachElement } from './lesson-tree.ts'

/** A folder for each lab, with the island and what it needs; its `Lab.astro` is what a lesson places. */
const FOLDER = fileURLToPath(new URL('../components/labs/', import.meta.url))

/** Labs a lesson can place, by the name their missions use. */
export function labNames(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
}

type Import = Extract<RootContent, { type: 'mdxjsEsm' }>

/**
 * Has a lesson import the labs that it places, and no other: what a lab weighs, its styles above all, is no burden of
 * the other lessons. `<Lab name="closing">` becomes `<ClosingLab name="closing">`.
 */
export function importLabs(tree: Root, lessonPath: string): void {
  const names = new Set<string>()
  eachElement(tree, element => {
    if (element.name !== 'Lab') return
    const name = attributeOf(element, 'name') ?? ''
    names.add(name)
    element.name = componentOf(name)
  })
  const folder = relative(lessonPath.replace(/[^/\\]*$/, ''), FOLDER).replaceAll(sep, '/')
  tree.children.unshift(...[...names].map(name => importOf(componentOf(name), `${folder}/${name}/Lab.astro`)))
}

function componentOf(name: string): string {
  return `${name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase())}Lab`
}

function importOf(local: string, from: string): Import {
  return {
    type: 'mdxjsEsm',
    value: `import ${local} from '${from}'`,
    data: {
      estree: {
        type: 'Program',
        sourceType: 'module',
        body: [
          {
            type: 'ImportDeclaration',
            specifiers: [{ type: 'ImportDefaultSpecifier', local: { type: 'Identifier', name: local } }],
            source: { type: 'Literal', value: from, raw: JSON.stringify(from) },
            attributes: [],
          },
        ],
      },
    },
  }
}
