import { progress } from '../../progress/page-progress.ts'
import { serializeProgress } from '../../progress/transfer.ts'

/** Hands the reader their progress as a file, named by the day. */
export function exportProgress(): void {
  const now = progress.now()
  const day = new Date(now).toISOString().slice(0, 10)
  download(`websocket-anatomy-progress-${day}.json`, serializeProgress(progress.records, now))
}

export function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
