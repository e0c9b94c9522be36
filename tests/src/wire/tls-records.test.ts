import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordedChunk } from '#recording/recording.ts'
import { serverName, speaksTls, tlsRecords } from '../../../src/wire/tls-records.ts'
import { tlsSpans } from '../../../src/wire/tls-spans.ts'
import { clientHello, record } from './tls-bytes.ts'

const chunk = (bytes: Uint8Array<ArrayBuffer>, at = 0): RecordedChunk => ({ from: 'client', at, bytes })
const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]))

describe('records of TLS', () => {
  const stream = joined(
    clientHello('chat.example'),
    record(20, Uint8Array.of(1)),
    record(23, new Uint8Array(40)),
  )

  test('are the same however the bytes were cut, and every byte of them has one name', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), cuts => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        const chunks = places.slice(1).map((end, index) => chunk(stream.slice(places[index], end), index))
        const records = tlsRecords(chunks)
        expect(records.map(({ kind }) => kind)).toEqual([
          'client-hello',
          'change-cipher-spec',
          'application-data',
        ])
        for (const each of records) {
          const { bytes } = each
          const spans = tlsSpans(each)
          expect(spans.map(({ start }) => start)).toEqual([0, ...spans.slice(0, -1).map(({ end }) => end)])
          expect(spans.at(-1)?.end).toBe(bytes.length)
        }
      }),
    )
  })

  test('have the time at which they were whole', () => {
    const hello = clientHello('chat.example')
    expect(tlsRecords([chunk(hello.slice(0, 10), 1), chunk(hello.slice(10), 9)]).map(({ at }) => at)).toEqual(
      [9],
    )
  })

  test('that are not whole are left out', () => {
    expect(tlsRecords([chunk(clientHello().slice(0, -1))])).toEqual([])
    expect(tlsRecords([chunk(Uint8Array.of(22, 3))])).toEqual([])
  })

  test('name the host that is asked for, when there is one', () => {
    const [named] = tlsRecords([chunk(clientHello('chat.example'))])
    const [nameless] = tlsRecords([chunk(clientHello())])
    expect([named && serverName(named), nameless && serverName(nameless)]).toEqual([
      'chat.example',
      undefined,
    ])
  })

  test('lie about their lengths without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), content => {
        const bytes = record(22, Uint8Array.from([1, ...content]))
        const [read] = tlsRecords([chunk(bytes)])
        if (!read) throw new Error('a whole record is a record')
        const spans = tlsSpans(read)
        expect(spans.at(-1)?.end).toBeLessThanOrEqual(bytes.length)
        const named = spans.find(({ id }) => id === 'server-name')
        expect(serverName(read)).toBe(
          named && new TextDecoder().decode(read.bytes.subarray(named.start, named.end)),
        )
      }),
    )
  })
})

test('a connection speaks TLS when its client begins with a record of a handshake', () => {
  expect(speaksTls([chunk(clientHello())])).toBe(true)
  expect(speaksTls([chunk(new TextEncoder().encode('GET / HTTP/1.1\r\n'))])).toBe(false)
  expect(speaksTls([])).toBe(false)
})
