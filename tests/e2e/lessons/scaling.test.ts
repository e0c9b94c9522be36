import { describe, expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'
import type { LabPage } from '../../support/lab-page.ts'
import { Lesson } from '../../support/lesson.ts'
import { startCourse } from '../../support/running-course.ts'
import { CAN_SCALE_OUT, Redis, startNginx } from '../../support/scale-out.ts'
import { serveFolder } from '../../support/static-host.ts'

const PEOPLE = ['가영', '나준', '다온'] as const

const lesson = new Lesson('scaling')
const open = (url?: string) => lesson.open('scaling', url)
const person = (lab: LabPage, name: string) => lab.plate.getByRole('form', { name, exact: true })
const label = (lab: LabPage, name: string) => lab.plate.getByLabel(name, { exact: true })

/** Everybody sits down; gives the servers that answered. */
async function sitDown(lab: LabPage): Promise<string[]> {
  await lab.button('모두 앉기').click()
  for (const name of PEOPLE)
    await person(lab, name)
      .getByText(/instance-\d/)
      .waitFor()
  return Promise.all(
    PEOPLE.map(async name => (await person(lab, name).locator('.server').textContent()) ?? ''),
  )
}

/** One says something; gives whom it has reached. */
async function say(lab: LabPage, name: string, text: string): Promise<() => Promise<boolean[]>> {
  await label(lab, `${name}의 말`).fill(text)
  await person(lab, name).getByRole('button', { name: '말하기' }).click()
  await lab.plate.getByText(`${name}의 말 “${text}”`).waitFor()
  return () =>
    Promise.all(
      PEOPLE.map(async each => {
        const line = lab.plate.locator('.plate-says').getByRole('listitem').filter({ hasText: each })
        return !((await line.textContent()) ?? '').includes('닿지 않았습니다')
      }),
    )
}

test('in turn, what one says does not come to who sits at the other server, and the response says which that is', async () => {
  const lab = await open()
  expect(await sitDown(lab)).toEqual(['instance-1', 'instance-2', 'instance-1'])
  await expect.poll(await say(lab, '가영', '들립니까')).toEqual([true, false, true])
  await label(lab, '나준의 와이어').check()
  await lab.wireRows('server').first().click()
  await expect
    .poll(async () => (await lab.headLines()).some(line => line === 'X-Served-By: instance-2'))
    .toBe(true)
  expect(await lab.wireRows('server').filter({ hasText: '들립니까' }).count()).toBe(0)
})

test('a sticky balancer sends a seat back to where it was, which brings nobody together', async () => {
  const lab = await open()
  await label(lab, '사람마다 같은 곳').check()
  const before = await sitDown(lab)
  await person(lab, '나준').getByRole('button', { name: '일어나기' }).click()
  await person(lab, '나준').getByRole('button', { name: '앉기', exact: true }).click()
  await person(lab, '나준')
    .getByText(before[1] ?? '')
    .waitFor()
  await expect.poll(await say(lab, '가영', '이제는요')).toEqual([true, false, true])
})

test('a room at one server, and servers that share a bus, bring all together, by keyboard too', async () => {
  const lab = await open()
  await label(lab, '차례대로').focus()
  for (let count = 0; count < 2; count++) await lesson.page.keyboard.press('ArrowDown')
  expect(await label(lab, '방마다 같은 곳').isChecked()).toBe(true)
  expect(new Set(await sitDown(lab)).size).toBe(1)
  await expect.poll(await say(lab, '가영', '한곳에서')).toEqual([true, true, true])
  await lab.button('모두 일어나기').focus()
  await lesson.page.keyboard.press('Enter')
  await lab.button('모두 앉기').waitFor()
  await label(lab, '차례대로').check()
  await label(lab, '버스로 잇기').focus()
  await lesson.page.keyboard.press('Space')
  expect(new Set(await sitDown(lab)).size).toBe(2)
  await lab.plate.getByText('버스는 두 인스턴스를 띄운 샌드박스의 메모리 안에 있습니다.').waitFor()
  await expect.poll(await say(lab, '나준', '건너서')).toEqual([true, true, true])
})

test('without a sandbox every way has its recording', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await open(host.url)
    await person(lab, '가영').getByRole('button', { name: '앉기', exact: true }).click()
    await lab.reach('absent')
    await lab.plate.getByText('나준의 말 “나준입니다”').waitFor()
    const missed = lab.plate.locator('.missed')
    await expect.poll(() => missed.allTextContents()).toHaveLength(2)
    for (const way of ['버스로 잇기', '방마다 같은 곳']) {
      await label(lab, way).check()
      await expect.poll(() => missed.count()).toBe(0)
      if (way === '버스로 잇기') await label(lab, way).uncheck()
    }
  } finally {
    await host.stop()
  }
})

describe.runIf(CAN_SCALE_OUT)('behind nginx, with two sandboxes on a Redis', () => {
  test('the bus is Redis: it is told when that is lost, and when it is back', async () => {
    const redis = await Redis.start()
    const environment = { REDIS_URL: redis.url, LOG_LEVEL: 'silent' }
    const site = await builtSite()
    const courses = [await startCourse(site, environment), await startCourse(site, environment)]
    try {
      const port = await startNginx(courses.map(({ url }) => Number(new URL(url).port)))
      const lab = await open(`http://127.0.0.1:${port}/`)
      await label(lab, '버스로 잇기').check()
      await sitDown(lab)
      await lab.plate.getByText('버스는 Redis입니다.').waitFor()
      await expect.poll(await say(lab, '가영', 'Redis로')).toEqual([true, true, true])
      await redis.kill()
      await lab.plate.getByText('버스인 Redis가 끊겼습니다.').waitFor()
      const notice = lab.plate.getByText('인스턴스들이 서로 닿지 못하고 있습니다')
      await notice.waitFor()
      await redis.run()
      await lab.plate.getByText('버스는 Redis입니다.').waitFor()
      expect(await notice.count()).toBe(0)
      // What is said before the other one is back too is lost.
      for (const { url } of courses)
        await expect
          .poll(async () => (await fetch(`${url}metrics`)).text())
          .toContain('anatomy_bus_states_total{state="connected"} 2')
      await expect.poll(await say(lab, '나준', '돌아왔습니다')).toEqual([true, true, true])
    } finally {
      for (const { stop } of courses) await stop()
    }
  })
})
