import { expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'
import type { LabPage } from '../../support/lab-page.ts'
import { Lesson } from '../../support/lesson.ts'
import { PYTHON, servePython } from '../../support/python-lesson.ts'
import { serveFolder } from '../../support/static-host.ts'

const lesson = new Lesson('python-server')
const open = (url?: string) => lesson.open('broadcast', url)

const person = (lab: LabPage, name: string) => lab.plate.getByRole('form', { name, exact: true })
async function enter(lab: LabPage, name: string): Promise<void> {
  await person(lab, name).getByRole('button', { name: '들어가기' }).click()
  await person(lab, name).getByRole('button', { name: '나가기' }).waitFor()
}
async function say(lab: LabPage, name: string, text: string): Promise<void> {
  await person(lab, name).getByLabel(`${name}의 말`).fill(text)
  await person(lab, name).getByRole('button', { name: '말하기' }).click()
}
const told = (lab: LabPage, text: string) => lab.plate.locator('button.what.server', { hasText: text })

test('over the server of the notes the others hear, and who spoke does not', async () => {
  const lab = await open()
  for (const name of ['가영', '나준']) await enter(lab, name)
  await say(lab, '가영', '들립니까')
  await lab.plate.getByLabel('나준의 와이어').check()
  await told(lab, '들립니까').waitFor()
  await lab.plate.getByLabel('가영의 와이어').check()
  await lab.plate.locator('button.what.client', { hasText: '들립니까' }).waitFor()
  expect(await told(lab, '들립니까').count()).toBe(0)
  await lab.plate.getByLabel('모두의 와이어').check()
  await expect.poll(() => lab.plate.locator('button.what', { hasText: '들립니까' }).count()).toBe(2)
  await told(lab, '들립니까').click()
  await lab.plate.locator('.anatomy').waitFor()
})

test('over the mended server whoever speaks hears it, alone too; servers are changed in an empty room only', async () => {
  const lab = await open()
  await lab.plate.getByLabel('고친 서버').check()
  await enter(lab, '가영')
  expect(await lab.plate.getByLabel('강의 노트의 서버').isDisabled()).toBe(true)
  await say(lab, '가영', '메아리')
  await told(lab, '메아리').waitFor()
  await person(lab, '가영').getByRole('button', { name: '나가기' }).click()
  await expect.poll(() => lab.plate.getByLabel('강의 노트의 서버').isDisabled()).toBe(false)
})

test('two readers never meet: each page has a room of its own', async () => {
  const lab = await open()
  await lab.plate.getByLabel('고친 서버').check()
  await enter(lab, '가영')
  const first = lesson.page
  lesson.page = await lesson.browser.newPage()
  lesson.page.setDefaultTimeout(20_000)
  const other = await open()
  await other.plate.getByLabel('고친 서버').check()
  await enter(other, '가영')
  await say(other, '가영', '여기만')
  await told(other, '여기만').waitFor()
  await say(lab, '가영', '저기만')
  await told(lab, '저기만').waitFor()
  expect(await told(lab, '여기만').count()).toBe(0)
  await first.close()
})

test('without a sandbox the recorded room can be read, person by person', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await open(host.url)
    await person(lab, '가영').getByRole('button', { name: '들어가기' }).click()
    await lab.reach('absent')
    await lab.plate.locator('button.what.client', { hasText: '다들 들립니까' }).waitFor()
    expect(await told(lab, '다들 들립니까').count()).toBe(0)
    await lab.plate.getByLabel('다온의 와이어').check()
    await told(lab, '다들 들립니까').waitFor()
  } finally {
    await host.stop()
  }
})

test.skipIf(PYTHON === '')(
  'a browser joins the Python server of the lesson as it joins any other',
  async () => {
    const port = await servePython('server.py')
    await lesson.page.goto(lesson.course.url)
    const heard = await lesson.page.evaluate(url => {
      const socket = new WebSocket(url)
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      socket.onopen = () => socket.send('브라우저입니다')
      socket.onmessage = ({ data }: MessageEvent<string>) => resolve(data)
      socket.onerror = () => reject(new Error('not opened'))
      return promise
    }, `ws://127.0.0.1:${port}/`)
    expect(heard).toBe('서버 응답: 브라우저입니다')
  },
)
