import { progress } from '../../progress/page-progress.ts'

async function notice(): Promise<void> {
  const { showNotice } = await import('./notice.ts')
  showNotice()
}

/** Has the reader told once what is wrong with keeping progress: when it concerns something they did. */
export function watchTrouble(): void {
  if (progress.damaged > 0) void notice()
  const stop = progress.watch(keys => {
    if (progress.trouble === undefined || keys.every(key => /^(place|mark):/.test(key))) return
    void notice()
    stop()
  })
}
