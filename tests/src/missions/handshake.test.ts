import { expect, test } from 'vitest'
import { secondSubprotocol } from '../../../src/missions/handshake.ts'
import { openConnection } from '../wire/captured.ts'

const judged = (offered?: string, chosen?: string) => secondSubprotocol([openConnection(offered, chosen)])

test('two subprotocols offered and the second chosen pass', () => {
  expect(judged('anatomy.v1, anatomy.v2', 'anatomy.v2')).toEqual({ passed: true })
})

test.each([
  ['the first chosen', 'anatomy.v2, anatomy.v1', 'anatomy.v2'],
  ['none chosen', 'unknown.v1, other.v1', undefined],
  ['only one offered', 'anatomy.v2', 'anatomy.v2'],
  ['three offered', 'unknown.v1, anatomy.v2, anatomy.v1', 'anatomy.v2'],
  ['none offered', undefined, undefined],
])('%s does not pass', (_name, offered, chosen) => {
  expect(judged(offered, chosen).passed).toBe(false)
})
