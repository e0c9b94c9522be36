import { parseRecording, type Recording } from '#recording/recording.ts'
import { handedOver } from './hand-over.ts'
import type { PageLink } from './page-link.ts'
import { ShareLinkError, unpackRecording } from './share-link.ts'

/** The course's recordings by name, each loaded when it is asked for. */
const SAMPLES = import.meta.glob<unknown>('../content/recordings/*.json', { import: 'default' })

/** Names of the course's recordings. */
export const SAMPLE_NAMES: readonly string[] = Object.keys(SAMPLES).map(path =>
  path.replace(/^.*\/|\.json$/g, ''),
)

/**
 * The recording that a link brings or names; undefined when it does neither.
 * @throws ShareLinkError when there is none to be had
 */
export async function recordingOfLink({ packed, sample, handed }: PageLink): Promise<Recording | undefined> {
  if (packed !== undefined) return unpackRecording(packed)
  if (sample !== undefined) {
    const load = SAMPLES[`../content/recordings/${sample}.json`]
    if (!load)
      throw new ShareLinkError(`“${sample}”이라는 예시 기록은 없습니다. 예시 목록에서 골라 주십시오.`)
    return parseRecording(await load())
  }
  if (handed === undefined) return undefined
  const recording = await handedOver(handed).catch(() => undefined)
  if (!recording)
    throw new ShareLinkError(
      '넘겨받은 기록이 이 브라우저에 더는 없습니다. 실습으로 돌아가 다시 열어 주십시오.',
    )
  return recording
}
