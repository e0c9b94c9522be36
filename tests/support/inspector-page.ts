import type { Locator, Page } from 'playwright-core'
import { drawn } from './reader.ts'

/** The states that the inspector's element carries. */
type State =
  'empty' | 'opening' | 'connecting' | 'live' | 'paused' | 'ended' | 'recording' | 'replaying' | 'error'

/** The inspector's page, handled as a reader would. */
export class InspectorPage {
  readonly page: Page
  readonly tool: Locator
  readonly composer: Locator
  constructor(page: Page) {
    this.page = page
    this.tool = page.locator('[data-inspector]')
    this.composer = page.getByRole('form', { name: '보내기' })
  }

  /** @param url of the course, with a trailing slash @param fragment with its `#` */
  static async open(page: Page, url: string, fragment = ''): Promise<InspectorPage> {
    await page.goto(`${url}inspector/${fragment}`)
    const inspector = new InspectorPage(page)
    await inspector.tool.waitFor()
    return inspector
  }

  /** Resolves when the inspector is in one of the states, and what fits of its list is drawn. */
  async reach(...states: readonly State[]): Promise<void> {
    await this.page.locator(states.map(state => `[data-inspector="${state}"]`).join(', ')).waitFor()
    await drawn(this.page)
  }

  button(name: string): Locator {
    return this.tool.getByRole('button', { name, exact: true })
  }

  /** Connects as one of the three, and waits until the connection is open. */
  async connect(who: '내 브라우저' | '원시 클라이언트' | '서버 역할' = '내 브라우저'): Promise<void> {
    await this.tool.getByRole('radio', { name: who }).check()
    await this.tool.getByRole('button', { name: /^(다시 )?연결하기$/ }).click()
    await this.reach('live', 'paused')
  }

  /** Sends what is filled in as it is. */
  async send(): Promise<void> {
    await this.composer.getByRole('button', { name: '보내기', exact: true }).click()
  }

  async sendText(text: string): Promise<void> {
    await this.kind('텍스트')
    await this.composer.getByLabel('보낼 내용').fill(text)
    await this.send()
  }

  async kind(name: '텍스트' | '바이너리' | '핑' | '퐁' | '종료' | '바이트 그대로'): Promise<void> {
    await this.composer.getByRole('radio', { name, exact: true }).check()
  }

  /** Starts sending again and again; `{n}` in the text counts. */
  async repeat(text: string, rate: number, total: number): Promise<void> {
    await this.kind('텍스트')
    await this.composer.getByLabel('보낼 내용').fill(text)
    await this.unfold('되풀이해 보내기')
    await this.composer.getByRole('spinbutton', { name: '1초에' }).fill(String(rate))
    await this.composer.getByRole('spinbutton', { name: '모두' }).fill(String(total))
    await this.button('되풀이하기').click()
  }

  async unfold(summary: string): Promise<void> {
    const line = this.tool.locator('summary', { hasText: summary })
    if ((await line.locator('..').getAttribute('open')) === null) await line.click()
  }

  get list(): Locator {
    return this.tool.getByRole('listbox')
  }

  /** Lines that are drawn now. */
  get lines(): Locator {
    return this.list.getByRole('option')
  }

  /** The line with that number, as readers count. */
  line(number: number): Locator {
    return this.list.locator(`#item-${number - 1}`)
  }

  /** What each drawn line says to whoever hears it. */
  async sentences(): Promise<string[]> {
    return this.lines.locator('.sentence').allTextContents()
  }

  /** What the line with that number says to whoever hears it. */
  async sentence(number: number): Promise<string> {
    return (await this.line(number).locator('.sentence').textContent()) ?? ''
  }

  /** How many lines the list has, drawn or not; none of them is waited for. */
  async count(): Promise<number> {
    return this.list.evaluate(list =>
      Number(list.querySelector('[aria-setsize]')?.getAttribute('aria-setsize') ?? 0),
    )
  }

  async importFile(name: string, content: string | Uint8Array): Promise<void> {
    const buffer = Buffer.from(content)
    await this.tool
      .getByLabel('열 기록 파일')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
  }

  /** Exports what is inspected and gives the file. */
  async exported(format: string, { keepSecrets = true } = {}): Promise<{ name: string; bytes: Buffer }> {
    await this.button('내보내기').click()
    const dialog = this.page.getByRole('dialog', { name: '내보내기' })
    await dialog.getByRole('radio', { name: format }).check()
    await dialog.getByRole('checkbox').setChecked(keepSecrets)
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      dialog.getByRole('button', { name: '파일로 저장하기' }).click(),
    ])
    await dialog.getByRole('button', { name: '닫기' }).click()
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) }
  }

  async detail(tab: '항목' | '연결' | '견주기'): Promise<Locator> {
    await this.tool.getByRole('tab', { name: tab, exact: true }).click()
    return this.tool.getByRole('tabpanel', { name: tab, exact: true })
  }

  async notice(): Promise<string> {
    return (await this.tool.getByRole('alert').filter({ hasText: /./ }).first().textContent()) ?? ''
  }
}
