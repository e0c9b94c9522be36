import { hexByte } from '#protocol/hex.ts'
import type { Recording } from '#recording/recording.ts'
import { handOver } from '../../inspector/hand-over.ts'

/**
 * The inspector's page with a recording behind its address: handed over inside the browser, as what crossed may hold
 * secrets and an address is soon passed on.
 * @param page address of the inspector
 */
export async function inspectorWith(page: string, recordingNow: () => Promise<Recording>): Promise<string> {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(8)), hexByte).join('')
  try {
    await handOver(key, await recordingNow())
    return `${page}#from=${key}`
  } catch {
    // A browser that keeps nothing: then in the link, secrets masked.
    const [{ packRecording }, { maskSecrets }] = await Promise.all([
      import('../../inspector/share-link.ts'),
      import('#recording/secrets.ts'),
    ])
    return packRecording(maskSecrets(await recordingNow())).then(
      packed => `${page}#r=${packed}`,
      () => page,
    )
  }
}
