import { expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'
import { Lesson } from '../../support/lesson.ts'
import { serveFolder } from '../../support/static-host.ts'

const lesson = new Lesson('sse-and-long-polling')

test('an EventSource hears, loses the stream and goes on behind the last event, by itself', async () => {
  const lab = await lesson.open('event-stream')
  const requests: (string | undefined)[] = []
  lesson.page.on('request', request => {
    if (new URL(request.url()).pathname === '/events')
      void request.allHeaders().then(headers => requests.push(headers['last-event-id']))
  })
  await lab.plate.getByLabel('한 응답의 소식').fill('2')
  await lab.button('EventSource 열기').click()
  const heard = lab.plate.locator('.heard li')
  await heard.filter({ hasText: 'id 4' }).waitFor()
  await lab.button('EventSource 닫기').click()
  await lab.button('EventSource 열기').waitFor()
  const kinds = await heard.evaluateAll(rows => rows.map(row => row.getAttribute('data-what')))
  expect(kinds.slice(0, 8)).toEqual([
    'new',
    'open',
    'message',
    'message',
    'error',
    'open',
    'message',
    'message',
  ])
  expect(kinds.at(-1)).toBe('close()')
  const ids = (await heard.allTextContents()).flatMap(text => /id (\d+)/.exec(text)?.[1] ?? [])
  expect(ids.slice(0, 4)).toEqual(['1', '2', '3', '4'])
  await expect.poll(() => requests.slice(0, 2)).toEqual([undefined, '2'])
})

test('the same request on the wire is HTTP, event by event, and can go on behind a number', async () => {
  const lab = await lesson.open('event-stream')
  await lab.plate.getByLabel('한 응답의 소식').fill('3')
  await lab.plate.getByLabel('Last-Event-ID').fill('7')
  await lab.button('같은 요청을 와이어에서 보기').click()
  await lab.reach('ended')
  const rows = lab.plate.locator('button.what')
  await expect.poll(() => rows.first().textContent()).toContain('HTTP 요청')
  await expect.poll(() => rows.filter({ hasText: 'HTTP 본문' }).filter({ hasText: 'id: ' }).count()).toBe(3)
  await rows.first().click()
  await expect.poll(() => lab.headLines()).toContain('Last-Event-ID: 7')
  await rows.filter({ hasText: 'id: 8' }).click()
  await lesson.page.locator('#mission-resumed-stream[data-state="passed"]').waitFor()
})

test('what is no number is not asked for', async () => {
  const lab = await lesson.open('event-stream')
  await lab.plate.getByLabel('Last-Event-ID').fill('여덟')
  await expect
    .poll(() => lab.button('같은 요청을 와이어에서 보기').getAttribute('aria-disabled'))
    .toBe('true')
})

test('six streams are open at once, the seventh waits, and comes when one is closed', async () => {
  const lab = await lesson.open('six-connections')
  const inState = (state: number) => lab.plate.locator(`li[data-state="${state}"]`)
  await lab.button('EventSource 7개 열기').click()
  await inState(1).nth(5).waitFor()
  expect([await inState(1).count(), await inState(0).count()]).toEqual([6, 1])
  const told = await lesson.page.evaluate(() => {
    const socket = new WebSocket('/lab/echo')
    return new Promise<string>(resolve => {
      for (const type of ['open', 'error']) socket.addEventListener(type, () => resolve(type))
    }).finally(() => socket.close())
  })
  expect(told, 'a WebSocket takes none of the six places').toBe('open')
  await lab.button('열린 것 하나 닫기').click()
  await expect.poll(async () => [await inState(1).count(), await inState(0).count()]).toEqual([6, 0])
  expect(await inState(2).count()).toBe(1)
  await lab.button('모두 닫기').click()
  await expect.poll(() => inState(2).count()).toBe(7)
})

test('six open streams do not keep the reader from the next page', async () => {
  const lab = await lesson.open('six-connections')
  await lab.button('EventSource 7개 열기').click()
  await lab.plate.locator('li[data-state="1"]').nth(5).waitFor()
  // A page that is kept offline needs no connection.
  expect(await lesson.page.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
  await lesson.page.goto(`${lesson.course.url}glossary/`)
  expect(new URL(lesson.page.url()).pathname).toBe('/glossary/')
})

test('without a sandbox the recorded stream can be read, and an EventSource says that it gives up', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await lesson.open('event-stream', host.url)
    await lab.button('EventSource 열기').click()
    await lab.plate.locator('.heard li', { hasText: '다시 연결하지 않습니다' }).waitFor()
    await lab.reach('absent')
    await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('npm start')
    await lab.button('EventSource 열기').waitFor()
    await expect.poll(() => lab.plate.locator('button.what', { hasText: 'id: 1' }).count()).toBe(1)
  } finally {
    await host.stop()
  }
})
