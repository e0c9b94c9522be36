import type { Locator, Page } from 'playwright-core'
import { formsOf } from '../../src/components/questions/answer-forms.ts'

type Outcome = 'right' | 'wrong'

/** How each kind of question is answered. The pages know the answers: they give each its reason. */
const KINDS: Readonly<Record<string, (asked: Locator, outcome: Outcome) => Promise<void>>> = {
  'single-choice': async (asked, outcome) => {
    await asked
      .locator(`.option[data-correct=${outcome === 'right'}] > summary`)
      .first()
      .click()
  },
  'multiple-choice': async (asked, outcome) => {
    for (const box of await asked.locator(`.option[data-correct=${outcome === 'right'}] .choice`).all())
      await box.click()
    await check(asked)
  },
  'short-answer': async (asked, outcome) => {
    const [form = ''] = formsOf(
      (await asked.locator('.reason[data-correct=true]').first().getAttribute('data-is')) ?? '',
    )
    await asked.locator('input').fill(outcome === 'right' ? form : `9${form.replaceAll(/\D/g, '')}`)
    await check(asked)
  },
  'put-in-order': async (asked, outcome) => {
    const steps = asked.locator('.step')
    const count = await steps.count()
    for (let place = 1; place <= count; place++) {
      const wanted = outcome === 'right' ? place : count + 1 - place
      const step = asked.locator(`.step[data-place="${wanted}"]`)
      const at = await step.evaluate(li => [...(li.parentElement?.children ?? [])].indexOf(li))
      for (let up = at; up >= place; up--) await step.locator('[data-move="-1"]').click()
    }
    await check(asked)
  },
  'find-bytes': async (asked, outcome) => {
    const [from = '', to = ''] = ((await asked.getAttribute('data-answer')) ?? '').split('-')
    const byte = (index: string) => asked.locator(`.byte-pick [data-byte="${index}"]`)
    if (outcome === 'right') {
      await byte(from).click()
      if (to !== from) await byte(to).click()
    } else await asked.locator(`.byte-pick [data-byte]:not([data-byte="${from}"])`).first().click()
    await check(asked)
  },
}

const check = (asked: Locator) => asked.getByRole('button', { name: '확인하기' }).click()

/** Answers a question of any kind, and waits to be told the outcome. */
export async function answer(asked: Locator, outcome: Outcome): Promise<void> {
  const kind = await asked.evaluate(element => element.localName)
  const how = KINDS[kind]
  if (how === undefined) throw new Error(`nobody knows how to answer a ${kind}`)
  await how(asked, outcome)
  await asked.and(asked.page().locator(`[data-result=${outcome}]`)).waitFor()
}

/** Predicts something wherever the page asks for it. */
export async function predictAll(page: Page): Promise<void> {
  for (const asked of await page.locator('reader-guess').all()) {
    const number = asked.locator('input[type=number]')
    if ((await number.count()) > 0) {
      await number.fill('7')
      await number.press('Tab')
    } else await asked.locator('.choice').first().click()
    await asked.getByText('적어 두었습니다').waitFor()
  }
}
