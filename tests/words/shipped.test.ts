import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { RULE_IDS } from '#protocol/rules.ts'
import { ruleWords as englishWords } from '#words/en/rules.ts'
import { ruleWords as koreanWords } from '#words/ko/rules.ts'
import { builtSite } from '../support/built-site.ts'

let scripts: string

beforeAll(async () => {
  const folder = await builtSite()
  scripts = globSync('**/*.js', { cwd: folder })
    .map(file => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
})

it('a page is shipped the rules in Korean and none of them in English', () => {
  const there = (sentence: string) => scripts.includes(sentence)
  expect(RULE_IDS.filter(id => !there(koreanWords(id).sentence))).toEqual([])
  expect(RULE_IDS.filter(id => there(englishWords(id).sentence))).toEqual([])
})
