import { describe, expect, it } from 'vitest'
import { parseRequestHead } from '#protocol/http-head.ts'
import { compareHeads } from '../../../src/wire/compare-heads.ts'
import { head } from '../../protocol/bytes.ts'

const request = (...fields: string[]) => parseRequestHead(head(['GET /lab/echo HTTP/1.1', ...fields]))

describe('two requests', () => {
  it('are compared header by header, in the order of mine', () => {
    const mine = request('Host: a', 'User-Agent: Firefox', 'DNT: 1', 'upgrade: websocket')
    const theirs = request('Host: a', 'Upgrade: websocket', 'Pragma: no-cache', 'User-Agent: Chrome')
    expect(compareHeads(mine, theirs)).toEqual({
      fields: [
        { name: 'Host', mine: 'a', theirs: 'a', difference: 'none' },
        { name: 'User-Agent', mine: 'Firefox', theirs: 'Chrome', difference: 'value' },
        { name: 'DNT', mine: '1', theirs: undefined, difference: 'mine-only' },
        { name: 'upgrade', mine: 'websocket', theirs: 'websocket', difference: 'spelling' },
        { name: 'Pragma', mine: undefined, theirs: 'no-cache', difference: 'theirs-only' },
      ],
      sameOrder: false,
    })
  })

  it('have the same order when only one has a header between', () => {
    const compared = compareHeads(request('Host: a', 'DNT: 1', 'Origin: b'), request('Host: a', 'Origin: b'))
    expect(compared.sameOrder).toBe(true)
  })

  it('are compared by all values of a name that comes twice', () => {
    const twice = request('Sec-WebSocket-Protocol: a', 'Sec-WebSocket-Protocol: b')
    expect(compareHeads(twice, request('Sec-WebSocket-Protocol: a, b')).fields).toEqual([
      { name: 'Sec-WebSocket-Protocol', mine: 'a, b', theirs: 'a, b', difference: 'none' },
    ])
  })
})
