import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ROLES } from '#protocol/role.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { parseRecording } from '#recording/recording.ts'
import {
  RECORD_HEAD_BYTES,
  serverName,
  speaksTls,
  tlsRecords,
  type TlsRecord,
} from '../../src/wire/tls-records.ts'
import { HAS_TSHARK, packetFields, temporaryFile } from '../support/tshark.ts'

const file = new URL('../../src/content/recordings/ws-and-wss.json', import.meta.url)
const recording = parseRecording(readFileSync(file, 'utf8'))
const connections = recording.connections.filter(({ chunks }) => speaksTls(chunks))
/** Where a recording without a Host was sent. */
const PORT = 80

const typesOf = (records: readonly TlsRecord[]) => records.map(({ bytes }) => bytes[0])
const isHidden = (type: number | undefined) => type === 23

describe.runIf(HAS_TSHARK)('tshark, given a conversation over TLS', () => {
  const records = connections.flatMap(({ chunks }) => tlsRecords(chunks))

  test('finds the same records, as long, of the same types, and the same host', async () => {
    const capture = temporaryFile('tls.pcapng', toPcapng({ ...recording, connections }))
    const packets = await packetFields(
      capture,
      'tls.record',
      [
        'tcp.srcport',
        'tls.record.length',
        'tls.record.content_type',
        'tls.record.opaque_type',
        'tls.handshake.extensions_server_name',
      ],
      ['-d', `tcp.port==${PORT},tls`],
    )
    for (const role of ROLES) {
      const seen = packets.filter(([port]) => (Number(port) === PORT) === (role === 'server'))
      const column = (index: number) =>
        seen.flatMap(packet => (packet[index] ?? '').split(',').filter(Boolean)).map(Number)
      const own = records.filter(({ from }) => from === role)
      expect(own.length).toBeGreaterThan(4)
      expect(column(1)).toEqual(own.map(({ bytes }) => bytes.length - RECORD_HEAD_BYTES))
      // What is hidden has its type in a field of its own.
      expect(column(2)).toEqual(typesOf(own).filter(type => !isHidden(type)))
      expect(column(3)).toEqual(typesOf(own).filter(isHidden))
    }
    const [hello] = records
    expect(packets.map(packet => packet[4]).filter(Boolean)).toEqual([hello && serverName(hello)])
  })
})
