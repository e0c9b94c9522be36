import { expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'
import type { LabPage } from '../../support/lab-page.ts'
import { Lesson } from '../../support/lesson.ts'
import { serveFolder } from '../../support/static-host.ts'

const lesson = new Lesson('weaknesses')
const said = (lab: LabPage, text: string) => lab.plate.locator('button.what.server', { hasText: text })

async function connect(lab: LabPage): Promise<void> {
  await lab.button('연결하기').click()
  await lab.reach('live')
}

test('a server that is started again says 1012, and has forgotten', async () => {
  const lab = await lesson.open('restart')
  await connect(lab)
  for (const text of ['1번째', '2번째']) {
    await lab.button('말하기').click()
    await said(lab, text).waitFor()
  }
  await lab.button('서버 다시 켜기').click()
  await lab.reach('ended')
  await said(lab, '1012').waitFor()
  await expect.poll(() => lab.badge().textContent()).toBe('끊김 · 1012')
  await connect(lab)
  await lab.button('말하기').click()
  await said(lab, '1번째').waitFor()
})

test('a page that comes back by itself waits, and brings what it was told', async () => {
  const lab = await lesson.open('restart')
  await lab.plate.getByLabel('저절로 다시 연결하기').check()
  await lab.plate.getByLabel('몇 번째였는지 알리기').check()
  await connect(lab)
  await lab.button('말하기').click()
  await said(lab, '1번째').waitFor()
  await lab.button('서버 다시 켜기').click()
  // What the new connection shows takes the place of the former's.
  await said(lab, '1번째').waitFor({ state: 'detached' })
  await lab.reach('live')
  await lab.button('말하기').click()
  await said(lab, '2번째').waitFor()
  await lab.wireRows('client').first().click()
  await expect.poll(async () => (await lab.headLines())[0]).toMatch(/&from=1 HTTP/)
})

test('without a sandbox what was recorded is there', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await lesson.open('restart', host.url)
    await lab.button('연결하기').click()
    await lab.reach('absent')
    for (const text of ['3번째', '1012']) await expect.poll(() => said(lab, text).count()).toBe(1)
  } finally {
    await host.stop()
  }
})

test('two hundred clients come back in three ways, by keyboard too', async () => {
  const lab = await lesson.open('storm')
  const row = (strategy: string) => lab.plate.locator(`tr[data-strategy="${strategy}"]`)
  await expect.poll(() => row('at-once').textContent()).toContain('2,100번')
  const bars = () => lab.plate.locator('rect').count()
  expect(await bars()).toBe(20)
  await lab.plate.getByRole('radio', { name: '0.5초마다 다시' }).focus()
  await lesson.page.keyboard.press('ArrowDown')
  await lesson.page.keyboard.press('ArrowDown')
  await expect.poll(bars).toBeGreaterThan(30)
  await expect.poll(() => row('jitter').getAttribute('class')).toContain('on')
  const before = await row('jitter').textContent()
  await lab.button('다시 해 보기').click()
  await expect.poll(() => row('jitter').textContent()).not.toBe(before)
})
