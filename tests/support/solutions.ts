import type { Page } from 'playwright-core'
import type { MissionId } from '../../src/missions/missions.ts'
import type { LabPage } from './lab-page.ts'

type Solve = (lab: LabPage, page: Page) => Promise<unknown>

const label = (lab: LabPage, name: string) => lab.plate.getByLabel(name, { exact: true })
/** A choice whose label is around it, so that its options are part of the label's text. */
const choice = (lab: LabPage, name: string) => lab.plate.getByLabel(name)

/** Chooses how the connection of the closing lab ends, and has it end so. */
async function end(lab: LabPage, way: string): Promise<void> {
  await choice(lab, '누가 어떻게 끝냅니까').selectOption(way)
  await lab.button('연결하고 끝내기').click()
}

async function acceptSteps(lab: LabPage, last: string): Promise<void> {
  const steps = {
    키: '적힌 글자 그대로',
    GUID: '뒤에 붙이기',
    'SHA-1의 결과': '20바이트 그대로',
    '적는 법': last,
  }
  for (const [step, choice] of Object.entries(steps))
    await lab.plate
      .getByRole('group', { name: step, exact: true })
      .getByLabel(choice, { exact: true })
      .check()
  await lab.button('연결하기').click()
}

async function write(lab: LabPage, words: string, way: string, pauseMs: number): Promise<void> {
  await label(lab, '보낼 메시지 (쉼표로 나눔)').fill(words)
  await label(lab, '쓰는 방법').selectOption(way)
  await label(lab, '쓰기 사이 (ms)').fill(String(pauseMs))
  await lab.button('쓰기').click()
}

/** Speaks until the server has counted so many. */
async function countTo(lab: LabPage, number: number): Promise<void> {
  const said = lab.plate.locator('button.what.server', { hasText: `“${number}번째` })
  while ((await said.count()) === 0) {
    const before = await lab.wireRows('server').count()
    await lab.button('말하기').click()
    await lab.wireRows('server').nth(before).waitFor()
  }
}

/** Has the server started again, and connects again. */
async function startAgain(lab: LabPage): Promise<void> {
  await lab.button('서버 다시 켜기').click()
  await lab.reach('ended')
  await lab.button('연결하기').click()
  await lab.reach('live')
}

const person = (lab: LabPage, name: string) => lab.plate.getByRole('form', { name, exact: true })

/** Has one of the people enter the room. */
async function enter(lab: LabPage, name: string): Promise<void> {
  await person(lab, name).getByRole('button', { name: '들어가기' }).click()
  await person(lab, name).getByRole('button', { name: '나가기' }).waitFor()
}

/** Has one of those behind the balancer speak, and hear it. */
async function speak(lab: LabPage, name: string): Promise<void> {
  await person(lab, name).getByRole('button', { name: '말하기' }).click()
  await lab.plate.getByText(`${name}의 말 “${name}입니다”`).waitFor()
}

/** A seat of a demo. */
const seat = (lab: LabPage, name: string) => lab.plate.getByRole('region', { name, exact: true })

const said = (lab: LabPage) => lab.plate.locator('.plate-says')

/** Runs a race to its end. */
async function race(lab: LabPage, settings: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await label(lab, name).fill(String(value))
  await lab.button('경주 시작하기').click()
  await lab.reach('ended')
}

/** What a reader does in its lab to pass each mission. The next begins when the former has passed. */
export const SOLUTIONS: Readonly<Record<MissionId, Solve>> = {
  'nine-bytes': async lab => {
    await lab.button('연결하기').click()
    await lab.reach('live')
    await lab.sendText('고마워')
  },
  'spoke-unasked': async lab => {
    await choice(lab, '서버가 말하는 간격').selectOption({ label: '0.3초' })
    await lab.button('연결하기').click()
  },
  'three-between': async lab => {
    await lab.button('끊기').click()
    await lab.reach('ended')
    await choice(lab, '서버가 말하는 간격').selectOption({ label: '3초' })
    await lab.plate.getByRole('button', { name: /연결하기$/ }).click()
    await lab.reach('live')
    await lab.plate.locator('button.what.server', { hasText: '서버의 말 1' }).waitFor()
    for (let count = 0; count < 3; count++) await lab.button('보내기').click()
  },
  'second-subprotocol': async lab => {
    await lab.reach('live')
    await lab.button('끊기').click()
    await lab.reach('ended')
    await lab.plate.getByLabel('anatomy.v1').check()
    await lab.plate.getByLabel('anatomy.v2').check()
    await lab.button('다시 연결하기').click()
  },
  'right-accept': lab => acceptSteps(lab, 'base64'),
  'refused-accept': async lab => {
    await lab.button('끊기').click()
    await lab.reach('ended')
    await label(lab, '지난 연결의 답을 그대로 보내기').check()
    await lab.button('연결하기').click()
  },
  'three-lengths': async lab => {
    await label(lab, 'a로 채우기').check()
    for (const [index, length] of ['125', '126', '65536'].entries()) {
      await label(lab, '채울 바이트 수').fill(length)
      await lab.button('보내기').click()
      await lab
        .wireRows('server')
        .nth(index + 1)
        .waitFor()
    }
  },
  'one-broken-rule': async lab => {
    await label(lab, '보기').selectOption('RSV1을 켠 텍스트')
    await lab.button('보내기').click()
  },
  'unmasked-fate': async lab => {
    await label(lab, '마스킹하지 않기').check()
    await lab.button('보내기').click()
  },
  'known-key': async lab => {
    await label(lab, '내가 정한 키로').check()
    await label(lab, '마스킹 키').fill('37 fa 21 3d')
    await label(lab, '16진수 바이트로').check()
    await label(lab, '페이로드').fill('70 bf 75 1d 18')
    await lab.button('보내기').click()
  },
  'one-sign-ten-bytes': async lab => {
    await label(lab, '보낼 글').fill('👩‍💻')
    await lab.button('텍스트로 보내기').click()
  },
  'broken-and-whole': async lab => {
    await label(lab, '누가 보냅니까').selectOption('raw')
    await label(lab, '자를 곳 (바이트)').fill('2')
    await lab.button('앞부분만 텍스트로 보내기').click()
    await lab.reach('ended')
    await lab.button('두 프레임에 나누어 보내기').click()
  },
  'ping-in-the-middle': async lab => {
    await label(lab, '프레임 사이 (ms)').fill('300')
    await lab.button('보내기').click()
  },
  'two-broken-orders': async lab => {
    for (const order of ['orphan', 'interleaved']) {
      await label(lab, '차례').selectOption(order)
      await lab.button('보내기').click()
      await lab.plate.locator('button.what.server', { hasText: '1002' }).waitFor()
      await lab.reach('ended')
    }
  },
  'found-silence': async lab => {
    await label(lab, '조용히 끊긴 연결').check()
    await choice(lab, '하트비트 간격').selectOption({ label: '1초' })
    await choice(lab, '답을 기다리는 시간').selectOption({ label: '1초' })
    await lab.button('연결하고 지켜보기').click()
  },
  'server-verdicts': async lab => {
    for (const [way, code] of [
      ['raw-bare', '1002'],
      ['raw-syllable', '1007'],
      ['raw-big', '1009'],
    ] as const) {
      await end(lab, way)
      await lab.plate.locator('.account dd', { hasText: code }).first().waitFor()
      await lab.reach('ended')
    }
  },
  'silent-1006': lab => end(lab, 'server-fin'),
  'head-in-two-reads': lab => write(lab, '안녕', 'head', 500),
  'read-in-the-open': async lab => {
    await lab.button('남의 대화 엿듣기').click()
    const row = lab.plate.locator('button.what.client', { hasText: '내일의 암호는' })
    await lab.plate.getByRole('button', { name: '두 길로 보내기', disabled: false }).waitFor()
    const [code = ''] = /\d{4}/.exec((await row.textContent()) ?? '') ?? []
    await label(lab, '나눌 말').fill(code)
    await lab.button('두 길로 보내기').click()
  },
  'same-size': async lab => {
    for (const text of ['안녕', 'hello!']) {
      await lab.plate.getByRole('button', { name: '두 길로 보내기', disabled: false }).waitFor()
      await label(lab, '나눌 말').fill(text)
      await lab.button('두 길로 보내기').click()
    }
  },
  'foretold-ratio': async lab => {
    // Many polls: one more or less is not felt.
    await race(lab, { '폴링 간격 (ms)': 200, '시간 (초)': 4 })
    const [ratio = ''] = /[\d.]+(?=배를 썼습니다)/.exec((await said(lab).textContent()) ?? '') ?? []
    await lab.plate.getByLabel('내 예측').fill(ratio)
    await race(lab, {})
  },
  'polls-win': async lab => {
    await race(lab, { '사건 (초당)': 50, '글자 수': 100, '폴링 간격 (ms)': 5000, '시간 (초)': 17 })
  },
  'resumed-stream': async lab => {
    await label(lab, 'Last-Event-ID').fill('41')
    await lab.button('같은 요청을 와이어에서 보기').click()
  },
  'light-load': async lab => {
    await label(lab, '글자 수').fill('125')
    await lab.button('새 연결로 보내고 재기').click()
  },
  'in-flight': async lab => {
    await label(lab, '메시지 수').fill('50')
    await lab.button('새 연결로 보내고 재기').click()
  },
  'soon-enough': lab => race(lab, { '사건 (초당)': 1, '폴링 간격 (ms)': 200, '시간 (초)': 6 }),
  'state-lost': async lab => {
    await lab.button('연결하기').click()
    await lab.reach('live')
    await countTo(lab, 3)
    await startAgain(lab)
    await countTo(lab, 1)
  },
  'state-brought': async lab => {
    await countTo(lab, 2)
    await label(lab, '몇 번째였는지 알리기').check()
    await startAgain(lab)
    await countTo(lab, 3)
  },
  'left-out': async lab => {
    for (const name of ['가영', '나준', '다온']) await enter(lab, name)
    await person(lab, '가영').getByRole('button', { name: '말하기' }).click()
  },
  'alone-and-told': async lab => {
    for (const name of ['가영', '나준', '다온']) {
      await person(lab, name).getByRole('button', { name: '나가기' }).click()
      await person(lab, name).getByRole('button', { name: '들어가기' }).waitFor()
    }
    await lab.plate.getByLabel('고친 서버').check()
    await enter(lab, '다온')
    await person(lab, '다온').getByRole('button', { name: '말하기' }).click()
  },
  'kept-alive': async lab => {
    await label(lab, '5초 조용하면 끊기').check()
    await label(lab, '고쳐서 지나기').check()
    await lab.button('연결하기').click()
  },
  'pressed-out': async lab => {
    await label(lab, '고쳐서 지나기').uncheck()
    await label(lab, '응답 모으기').check()
    await lab.button('연결하기').click()
    await lab.reach('live')
    await label(lab, '보낼 메시지').fill('가'.repeat(400))
    await lab.button('보내기').click()
  },
  'never-arrived': async lab => {
    await lab.button('모두 앉기').click()
    await person(lab, '다온').getByText('instance-1').waitFor()
    await speak(lab, '가영')
    // Whether a message arrives is seen after some time only.
    await new Promise(resolve => setTimeout(resolve, 300))
    await speak(lab, '나준')
  },
  'heard-across': async lab => {
    await lab.button('모두 일어나기').click()
    await label(lab, '버스로 잇기').check()
    await lab.button('모두 앉기').click()
    await person(lab, '다온')
      .getByText(/instance-\d/)
      .waitFor()
    await person(lab, '가영').getByRole('button', { name: '말하기' }).click()
  },
  'came-late': async lab => {
    await seat(lab, '가영').getByRole('button', { name: '들어가기' }).click()
    for (const text of ['하나', '둘', '셋']) {
      await seat(lab, '가영').getByLabel('가영의 말').fill(text)
      await seat(lab, '가영').getByRole('button', { name: '말하기' }).click()
      await seat(lab, '가영').locator('.said li', { hasText: text }).waitFor()
    }
    await seat(lab, '나준').getByRole('button', { name: '들어가기' }).click()
  },
  'thinned-out': async lab => {
    await label(lab, '시세판').check()
    await seat(lab, '솎아서 받기').getByRole('button', { name: '들어가기' }).click()
  },
  'three-in-one-read': lab => write(lab, '하나, 둘, 셋', 'together', 0),
}
