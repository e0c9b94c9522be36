import { expect, test } from 'vitest'
import { packRecorded, unpackRecorded } from '#recording/packed.ts'
import { readRecordingFile } from '../../src/content/recording-files.ts'

test('a recording that was packed, carried as JSON and unpacked is the same recording', () => {
  const recording = readRecordingFile('handshake')
  const carried: unknown = JSON.parse(JSON.stringify(packRecorded(recording)))
  expect(unpackRecorded(carried as ReturnType<typeof packRecorded>)).toEqual(recording)
})

test('what is no packed recording is an error, and no empty recording', () => {
  const packed = packRecorded(readRecordingFile('handshake'))
  const [connection] = packed.connections
  if (!connection) throw new Error('the recording is empty')
  const broken = { ...connection, chunks: [{ at: 0, from: 'client' as const, bytes: '*' }] }
  expect(() => unpackRecorded({ ...packed, connections: [broken] })).toThrow('no base64')
})
