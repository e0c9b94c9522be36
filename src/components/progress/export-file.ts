import { progress } from '../../progress/page-progress.ts'
import { serializeProgress } from '../../progress/transfer.ts'
import { download } from '../download.ts'

/** Hands the reader their progress as a file, named by the day. */
export function exportProgress(): void {
  const now = progress.now()
  const day = new Date(now).toISOString().slice(0, 10)
  const text = serializeProgress(progress.records, now)
  download(`websocket-anatomy-progress-${day}.json`, text, 'application/json')
}
