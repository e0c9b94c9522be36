import type { Locator, Page } from 'playwright-core'

/** A lab in a page, handled as a reader would. */
export class LabPage {
  readonly plate: Locator
  constructor(page: Page, name: string) {
    this.plate = page.locator(`#lab-${name}`)
  }

  /** Resolves when the lab is in that state; a live one shows the reader's own connection by then, not the recording. */
  async reach(state: 'waiting' | 'connecting' | 'live' | 'ended' | 'absent'): Promise<void> {
    const shows = state === 'live' ? '[data-lab-shows="own"]' : ''
    await this.plate.and(this.plate.page().locator(`[data-lab-state="${state}"]${shows}`)).waitFor()
  }

  async hydrated(): Promise<void> {
    await this.plate.scrollIntoViewIfNeeded()
    await this.plate
      .page()
      .waitForFunction(
        id => document.getElementById(id)?.closest('astro-island')?.hasAttribute('ssr') === false,
        (await this.plate.getAttribute('id')) ?? '',
      )
  }

  badge(): Locator {
    return this.plate.locator('.plate-state')
  }

  button(name: string): Locator {
    return this.plate.getByRole('button', { name, exact: true })
  }

  async sendText(text: string): Promise<void> {
    await this.plate.getByLabel('16진수 바이트로').uncheck()
    await this.plate.getByLabel('보낼 메시지').fill(text)
    await this.button('보내기').click()
  }

  async sendHex(hex: string): Promise<void> {
    await this.plate.getByLabel('16진수 바이트로').check()
    await this.plate.getByLabel('보낼 메시지').fill(hex)
    await this.button('보내기').click()
  }

  /** Rows of the wire that can be opened, of either side. */
  wireRows(from: 'client' | 'server'): Locator {
    return this.plate.locator(`button.what.${from}`)
  }

  /** The lines of the head that is open, verbatim. */
  async headLines(): Promise<string[]> {
    return this.plate.locator('ol.head button').allTextContents()
  }

  /** The bytes of what is open that the grid shows: all of them, or the first 256. */
  async gridBytes(): Promise<Uint8Array> {
    const hex = await this.plate
      .locator('.grid .cell')
      .evaluateAll(cells => cells.map(cell => cell.firstChild?.textContent?.trim() ?? '').join(''))
    return Buffer.from(hex, 'hex')
  }

  /** Every byte of what is open, by way of the clipboard (which the page must be allowed to use). */
  async copiedBytes(): Promise<Uint8Array> {
    await this.button('16진수 복사하기').click()
    await this.plate.getByText('복사했습니다').waitFor()
    const text = await this.plate.page().evaluate(() => navigator.clipboard.readText())
    return Buffer.from(text.replaceAll(' ', ''), 'hex')
  }

  /** The bits of the first two bytes as the plate spells them. */
  async shownBits(): Promise<string> {
    const digits = await this.plate.locator('.bits .digits').allTextContents()
    return digits.join('').replaceAll(/\s/g, '')
  }
}
