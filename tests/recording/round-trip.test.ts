import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromPcapng } from '#recording/capture-reader.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { parseRecording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { recordings, told } from './recordings.ts'

test(
  'a recording written with its secrets reads back the same, whatever it holds',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(recordings, recording => {
        expect(told(parseRecording(serializeRecording(recording, { secrets: 'keep' })))).toEqual(
          told(recording),
        )
      }),
    )
  },
)

test('a pcapng written with its secrets reads back the same, whatever it holds', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(recordings, recording => {
      expect(told(fromPcapng(toPcapng(recording, { secrets: 'keep' })))).toEqual(told(recording))
    }),
  )
})
