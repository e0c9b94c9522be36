import { expect, test } from 'vitest'
import { labNames } from '../../../src/markdown/labs.ts'
import { compileLesson } from './lesson-compiler.ts'

const lab = (name: string, figure: string) =>
  `<Lab name="${name}" figure="${figure}" title="t" caption="c" recording="handshake" />`

/** A lesson of this repository, so that what it imports can be looked for. */
const path = new URL('../../../src/content/lessons/02-anatomy/01-handshake.mdx', import.meta.url).pathname

test('a lesson imports the lab it places from its folder, and no other', async () => {
  const code = await compileLesson(lab('first-connection', 'a'), { path })
  expect(code.match(/^import .*Lab\.astro.*$/gm)).toEqual([
    expect.stringMatching(
      /FirstConnectionLab.*["']\.\.\/\.\.\/\.\.\/components\/labs\/first-connection\/Lab\.astro["']/,
    ),
  ])
  expect(code).toMatch(/_jsx\(FirstConnectionLab, \{\s*name: "first-connection"/)
})

test('a lesson with two labs imports both, each once', async () => {
  const code = await compileLesson(`${lab('handshake', 'a')}\n\n${lab('first-connection', 'b')}`, { path })
  expect(code.match(/^import .*Lab\.astro.*$/gm)).toHaveLength(2)
})

test('a lesson without a lab imports none', async () => {
  expect(await compileLesson('글입니다.', { path })).not.toContain('Lab.astro')
})

test('a lab is a folder', () => {
  expect(labNames()).toEqual(expect.arrayContaining(['first-connection', 'handshake']))
})

test('a lab that has no folder stops the build, which names those that have one', async () => {
  await expect(compileLesson(lab('teleport', 'a'), { path })).rejects.toThrow(
    /there is no lab "teleport" \(.*handshake.* are\)/,
  )
})
