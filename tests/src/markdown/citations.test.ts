import { describe, expect, test } from 'vitest'
import { compileLesson } from './lesson-compiler.ts'

const RFC = '<Rfc section="4.1" />'
const cited = async (source: string): Promise<number> =>
  [...(await compileLesson(source)).matchAll(/cited: true/g)].length

describe('a citation goes to the margin', () => {
  test.each([
    ['after a finished sentence', `보냅니다. ${RFC}`, 1],
    ['between two sentences', `보냅니다. ${RFC} 그리고 받습니다.`, 1],
    ['after a question', `보냅니까? ${RFC}`, 1],
    ['after a sentence in brackets', `보냅니다(늘 그렇습니다.) ${RFC}`, 1],
    ['in a list', `- 보냅니다. ${RFC}\n- 받습니다. ${RFC}`, 2],
    ['after another', `보냅니다. ${RFC} ${RFC}`, 2],
  ])('%s', async (_, source, count) => {
    expect(await cited(source)).toBe(count)
  })
})

describe('a section that is a word of its sentence stays in it', () => {
  test.each([
    ['with a particle', `규칙은 이렇습니다. ${RFC}의 여섯째 항목입니다.`],
    ['in the middle', `규칙은 ${RFC} 에 있습니다.`],
    ['in brackets', `보냅니다 (${RFC}).`],
    ['at the beginning', `${RFC} 에 있습니다.`],
    ['after bold words without a stop', `**규칙** ${RFC}`],
  ])('%s', async (_, source) => {
    expect(await cited(source)).toBe(0)
  })
})
