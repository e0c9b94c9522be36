import { progress } from '../../progress/page-progress.ts'
import type { Trouble } from '../../progress/store.ts'

/** What a reader has to know when what they do cannot be kept. */
export const TROUBLE_WORDS: Readonly<Record<Trouble, string>> = {
  closed: '이 브라우저가 저장을 막아 두어, 진도는 이 페이지를 떠날 때까지만 남습니다.',
  full: '브라우저의 저장 공간이 가득 차, 방금 한 것은 이 페이지를 떠날 때까지만 남습니다.',
}

export function damageWords(count: number): string {
  return `저장된 진도에서 읽을 수 없는 것이 ${count}개 있어 지우지 않고 따로 옮겨 두었습니다. 나머지는 그대로입니다.`
}

/** Says what is wrong with keeping progress. */
export function showNotice(): void {
  const notice = document.querySelector<HTMLElement>('[data-progress-notice]')
  const line = notice?.querySelector('p')
  if (!notice || !line) return
  /** What is not kept can be saved from here only; what was set aside is on a page of its own. */
  const say = (words: string, offered: 'a' | '[data-save]'): void => {
    notice.hidden = false
    line.textContent = words
    notice.querySelector(offered)?.toggleAttribute('hidden', false)
  }
  notice.querySelector('[data-close]')?.addEventListener('click', () => (notice.hidden = true))
  notice.querySelector('[data-save]')?.addEventListener('click', () => {
    void import('./export-file.ts').then(({ exportProgress }) => exportProgress())
  })
  if (progress.trouble !== undefined) say(TROUBLE_WORDS[progress.trouble], '[data-save]')
  else if (progress.damaged > 0) say(damageWords(progress.damaged), 'a')
}
