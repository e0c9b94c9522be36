import { hexByte } from '#protocol/hex.ts'
import type { Recording } from '#recording/recording.ts'
import { handOver } from '../../inspector/hand-over.ts'
import { browserName, recordConnection } from '../../inspector/recorded-now.ts'
import { sessionTime } from '../../sandbox/page-channel.ts'
import type { CapturedConnection } from '../../wire/captured-connection.ts'

/** What a lab shows: a recording, or a connection of the reader's own. */
export type OnShow = Recording | { readonly title: string; readonly own: CapturedConnection }

/**
 * The inspector's page with what is on show behind its address: handed over inside the browser, as what crossed may hold
 * secrets and an address is soon passed on.
 * @param page address of the inspector
 */
export async function inspectorWith(page: string, onShow: OnShow): Promise<string> {
  const recording = recordingOf(onShow)
  const key = Array.from(crypto.getRandomValues(new Uint8Array(8)), hexByte).join('')
  try {
    await handOver(key, recording)
    return `${page}#from=${key}`
  } catch {
    // A browser that keeps nothing: then in the link, secrets masked.
    const [{ packRecording }, { maskSecrets }] = await Promise.all([
      import('../../inspector/share-link.ts'),
      import('#recording/secrets.ts'),
    ])
    return packRecording(maskSecrets(recording)).then(
      packed => `${page}#r=${packed}`,
      () => page,
    )
  }
}

/** As it is now. */
function recordingOf(onShow: OnShow): Recording {
  if (!('own' in onShow)) return onShow
  const { own, title } = onShow
  return recordConnection(
    own,
    { title, client: browserName(navigator.userAgent), marks: [] },
    { now: Date.now(), sessionTime: sessionTime() ?? 0 },
  )
}
