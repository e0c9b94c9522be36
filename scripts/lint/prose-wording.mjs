// @ts-check
import { wordingFaults } from '../../src/content/wording.ts'

const HANGUL = /[가-힣]/

/** @typedef {{ range?: [number, number] | undefined }} Placed */

/**
 * ESLint rule: what readers see keeps to the house style, in TypeScript, Svelte and Astro alike. A string with Hangul
 * in it is taken for something readers see; comments are English and not looked at. Lessons are looked at by
 * `tests/src/content/prose.test.ts`.
 * @type {import('eslint').Rule.RuleModule}
 */
export const proseWording = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    /**
     * @param {Placed} node
     * @param {unknown} value
     * @param {number} [opening] characters before its text: a quote, or the end of what was put in
     */
    const check = ({ range }, value, opening = 0) => {
      if (typeof value !== 'string' || !HANGUL.test(value)) return
      for (const { index, advice } of wordingFaults(value)) {
        // Text of several lines is looked at as it is written; in a short string an escape may shift the column.
        const loc = context.sourceCode.getLocFromIndex((range?.[0] ?? 0) + opening + index)
        context.report({ loc, message: advice })
      }
    }
    return {
      Literal: node => check(node, node.value, 1),
      TemplateElement: node => check(node, node.value.cooked, 1),
      JSXText: (/** @type {Placed & { value: string }} */ node) => check(node, node.value),
      SvelteText: (/** @type {Placed & { value: string }} */ node) => check(node, node.value),
      SvelteLiteral: (/** @type {Placed & { value: string }} */ node) => check(node, node.value),
    }
  },
}
