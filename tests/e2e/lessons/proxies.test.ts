import { expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'
import type { LabPage } from '../../support/lab-page.ts'
import { Lesson } from '../../support/lesson.ts'
import { serveFolder } from '../../support/static-host.ts'

const lesson = new Lesson('proxies')
const open = (url?: string) => lesson.open('proxies', url)
const choose = (lab: LabPage, name: string) => lab.plate.getByLabel(name, { exact: true }).check()
const look = (lab: LabPage, side: '앞' | '뒤') =>
  lab.plate.getByLabel(`프록시 ${side}`, { exact: true }).check()
const frames = (lab: LabPage, from: 'client' | 'server', text: string) =>
  lab.wireRows(from).filter({ hasText: text })

async function connect(lab: LabPage): Promise<void> {
  await lab.button('연결하기').click()
  await lab.reach('live')
}

async function say(lab: LabPage, text: string): Promise<void> {
  await lab.plate.getByLabel('보낼 메시지').fill(text)
  await lab.button('보내기').click()
}

test('what is said crosses two connections, on both sides of a proxy that passes everything', async () => {
  const lab = await open()
  await connect(lab)
  await say(lab, '두 번 지나갑니다')
  for (const side of ['앞', '뒤'] as const) {
    await look(lab, side)
    for (const from of ['client', 'server'] as const) await frames(lab, from, '두 번 지나갑니다').waitFor()
  }
  await lab.wireRows('client').first().click()
  await expect
    .poll(async () => (await lab.headLines()).some(line => line.startsWith('Via: 1.1 passing')))
    .toBe(true)
})

test('a proxy that drops hop-by-hop fields: 426 on the wire, 1006 for the script, and the fields side by side', async () => {
  const lab = await open()
  await choose(lab, '홉 단위 헤더 지우기')
  await lab.button('연결하기').click()
  await lab.reach('ended')
  await expect.poll(() => lab.badge().textContent()).toBe('끊김 · 1006')
  await frames(lab, 'server', '426').waitFor()
  await lab.plate.getByText('프록시 앞과 뒤의 헤더 견주기').click()
  const row = lab.plate.getByRole('row', { name: /^Upgrade\s/ }).first()
  await expect.poll(() => row.textContent()).toMatch(/websocket\s*없음\s*앞에만/)
  await choose(lab, '고쳐서 지나기')
  await connect(lab)
})

test('a proxy that is impatient ends a silent connection without a Close, and not one that is pinged', async () => {
  const lab = await open()
  await choose(lab, '5초 조용하면 끊기')
  await connect(lab)
  await lab.reach('ended')
  await expect.poll(() => lab.badge().textContent()).toBe('끊김 · 1006')
  expect(await frames(lab, 'server', '종료').count()).toBe(0)
  await choose(lab, '고쳐서 지나기')
  await connect(lab)
  await frames(lab, 'server', '핑').nth(2).waitFor()
  expect(await lab.plate.getAttribute('data-lab-state')).toBe('live')
})

test('a proxy that collects keeps the answers until the end, by keyboard too', async () => {
  const lab = await open()
  await lab.plate.getByLabel('그대로 넘기기', { exact: true }).focus()
  for (let count = 0; count < 3; count++) await lesson.page.keyboard.press('ArrowDown')
  expect(await lab.plate.getByLabel('응답 모으기', { exact: true }).isChecked()).toBe(true)
  await lab.button('연결하기').focus()
  await lesson.page.keyboard.press('Enter')
  await lab.reach('live')
  await say(lab, '안녕')
  await look(lab, '뒤')
  await frames(lab, 'server', '안녕').waitFor()
  await look(lab, '앞')
  await frames(lab, 'client', '안녕').waitFor()
  expect(await frames(lab, 'server', '안녕').count()).toBe(0)
  await lab.button('끊기').click()
  await frames(lab, 'server', '안녕').waitFor()
})

test('without a sandbox every way has its recording, on both sides', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await open(host.url)
    await lab.button('연결하기').click()
    await lab.reach('absent')
    await choose(lab, '홉 단위 헤더 지우기')
    await frames(lab, 'server', '426').waitFor()
    await look(lab, '뒤')
    await choose(lab, '응답 모으기')
    for (const text of ['안녕', '들립니까', '끊겠습니다'])
      await expect.poll(() => frames(lab, 'server', text).count()).toBe(1)
    await choose(lab, '5초 조용하면 끊기')
    await choose(lab, '고쳐서 지나기')
    await frames(lab, 'server', '핑').nth(3).waitFor()
  } finally {
    await host.stop()
  }
})
