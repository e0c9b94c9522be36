import { describe, expect, test } from 'vitest'
import { RECORDING_FORMAT, RECORDING_VERSION, type Recording } from '#recording/recording.ts'
import {
  MAX_PACKED_LENGTH,
  packRecording,
  ShareLinkError,
  unpackRecording,
} from '../../../src/inspector/share-link.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

function recordingOf(said: readonly string[]): Recording {
  const connection = openConnection()
  for (const [index, text] of said.entries()) {
    clientSays(connection, text, 3_000 + index)
    serverSays(connection, text, 3_000 + index)
  }
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title: '첫 연결',
    client: 'Chromium 156',
    recordedAt: '2026-01-02T03:04:05.000Z',
    connections: [connection.toRecorded()],
    marks: [],
  }
}

describe('a recording in a link', () => {
  test('is the same recording when it is read', async () => {
    const recording = recordingOf(['안녕', '웹소켓 👋'])
    const packed = await packRecording(recording)
    expect(packed).toMatch(/^[\w-]+$/)
    expect(packed.length).toBeLessThan(1500)
    expect(await unpackRecording(packed)).toEqual(recording)
  })

  test('is refused when it would make the link too long', async () => {
    const noise = Array.from({ length: 400 }, () => crypto.randomUUID())
    await expect(packRecording(recordingOf(noise))).rejects.toThrow(/파일로 내보내/)
  })

  test('that is cut short, damaged or none is refused in words', async () => {
    const packed = await packRecording(recordingOf(['안녕']))
    const others = [packed.slice(0, -20), `${packed.slice(0, 40)}AAAA${packed.slice(44)}`, '', '!!', 'AAAA']
    for (const other of others)
      await expect(unpackRecording(other), other.slice(0, 20)).rejects.toBeInstanceOf(ShareLinkError)
  })

  test('that inflates to more than a page should take is refused', async () => {
    const bomb = new Blob([new Uint8Array(64 * 1024 * 1024)])
    const stream = bomb.stream().pipeThrough(new CompressionStream('deflate-raw'))
    const packed = Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')
    expect(packed.length).toBeGreaterThan(MAX_PACKED_LENGTH)
    await expect(unpackRecording(packed)).rejects.toThrow(/한도보다 큽니다/)
  })
})
