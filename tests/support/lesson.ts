import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { launchBrowser } from './browser.ts'
import { builtSite } from './built-site.ts'
import { LabPage } from './lab-page.ts'
import { startCourse, type RunningCourse } from './running-course.ts'

/** One lesson in a browser: the course runs for all tests of a file, and each has a page of its own. */
export class Lesson {
  browser!: Browser
  course!: RunningCourse
  page!: Page
  readonly #name: string

  constructor(name: string) {
    this.#name = name
    beforeAll(async () => {
      this.course = await startCourse(await builtSite())
      this.browser = await launchBrowser()
    })
    afterAll(async () => {
      await this.browser?.close()
      await this.course?.stop()
    })
    beforeEach(async () => {
      this.page = await this.browser.newPage()
      this.page.setDefaultTimeout(20_000)
    })
    afterEach(() => this.page.close())
  }

  /** Opens the lesson, and one of its labs once it listens. */
  async open(lab: string, url = this.course.url): Promise<LabPage> {
    await this.page.goto(`${url}lessons/${this.#name}/`)
    const opened = new LabPage(this.page, lab)
    await opened.hydrated()
    return opened
  }
}
