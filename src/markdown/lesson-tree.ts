import type { Root as HtmlRoot, RootContent as HtmlContent } from 'hast'
import type { Root, RootContent } from 'mdast'
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx'
import type { VFile } from 'vfile'

/** A JSX element of a lesson, between paragraphs or inside one. */
export type JsxElement = MdxJsxFlowElement | MdxJsxTextElement
export type Child = RootContent

/** Names and ids of lessons. */
export const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** Calls `act` for every JSX element in reading order, with the name of the JSX element it stands in. */
export function eachElement(
  tree: Root | HtmlRoot,
  act: (element: JsxElement, parent: string | undefined) => void,
): void {
  const walk = (node: Root | HtmlRoot | Child | HtmlContent, parent: string | undefined): void => {
    if (isElement(node)) act(node, parent)
    if (!('children' in node)) return
    const around = isElement(node) ? (node.name ?? undefined) : parent
    for (const child of node.children) walk(child, around)
  }
  walk(tree, undefined)
}

export function isElement(node: { type: string }): node is JsxElement {
  return node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement'
}

export function childrenNamed(element: JsxElement, name: string): JsxElement[] {
  const children: readonly Child[] = element.children
  return children.filter(child => isElement(child)).filter(child => child.name === name)
}

/** Children that are not elements of those names; white space between elements does not count. */
export function childrenBut(element: JsxElement, ...names: string[]): Child[] {
  const children: readonly Child[] = element.children
  return children.filter(
    child =>
      !(isElement(child) && names.includes(child.name ?? '')) &&
      !(child.type === 'text' && child.value.trim() === ''),
  )
}

export function setChildren(element: JsxElement, children: readonly Child[]): void {
  // Components take flow and phrasing alike; the types of mdast know only one of them at a place.
  Object.assign(element, { children })
}

export function hasAttribute(element: JsxElement, name: string): boolean {
  return element.attributes.some(attribute => attribute.type === 'mdxJsxAttribute' && attribute.name === name)
}

export function attributeOf(element: JsxElement, name: string): string | undefined {
  for (const attribute of element.attributes)
    if (
      attribute.type === 'mdxJsxAttribute' &&
      attribute.name === name &&
      typeof attribute.value === 'string'
    )
      return attribute.value
  return undefined
}

export function setAttribute(element: JsxElement, name: string, value: string): void {
  element.attributes.push({ type: 'mdxJsxAttribute', name, value })
}

/** Stops the build, naming the lesson and the line. */
export function fail(file: VFile, element: JsxElement, problem: string): never {
  const line = element.position?.start.line
  throw new Error(`${file.path}:${line ?? '?'}: <${element.name ?? ''}> ${problem}`)
}
