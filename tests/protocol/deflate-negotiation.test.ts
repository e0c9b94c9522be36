import fc from 'fast-check'
import { PerMessageDeflate } from 'ws'
import { describe, expect, it } from 'vitest'
import { acceptDeflate, answersOffer, DEFLATE_NAME, formatDeflate, parseDeflate } from '#protocol/deflate.ts'
import { parseExtensions, type Extension } from '#protocol/extensions.ts'

/** The parameters of an element as ws takes them: every name with all its values. */
function forWs({ parameters }: Extension): Record<string, (string | true)[]> {
  const grouped: Record<string, (string | true)[]> = {}
  for (const [name, value] of parameters) (grouped[name] ??= []).push(value ?? true)
  return grouped
}

/** What ws answers to an offer as a server, or makes of an answer as a client; undefined when it refuses. */
function wsAccepts(isServer: boolean, extension: Extension): Extension | undefined {
  try {
    const accepted = new PerMessageDeflate({ isServer }).accept([forWs(extension)])
    const parameters = Object.entries(accepted).map(([name, value]) => [name, value] as const)
    return {
      name: DEFLATE_NAME,
      parameters: parameters.map(
        ([name, value]) => [name, value === true ? undefined : String(value)] as const,
      ),
    }
  } catch {
    return undefined
  }
}

const value = fc.constantFrom(undefined, '7', '8', '9', '12', '15', '16', '', 'x', 'true')
const parameter = fc.tuple(
  fc.constantFrom(
    'server_no_context_takeover',
    'client_no_context_takeover',
    'server_max_window_bits',
    'client_max_window_bits',
    'unknown',
  ),
  value,
)
/** Elements with parameters of any kind; most values are such as their parameter may have. */
const element = fc.array(parameter, { maxLength: 3 }).map((parameters): Extension => ({
  name: DEFLATE_NAME,
  parameters: parameters.map(([name, given]): readonly [string, string | undefined] => [
    name,
    name.includes('takeover') && given !== 'x' ? undefined : given,
  ]),
}))

describe('an offer of permessage-deflate', () => {
  it('is good to ws exactly when it is to us, and what ws answers is an answer to it', () => {
    let good = 0
    fc.assert(
      fc.property(element, offered => {
        const offer = parseDeflate(offered, 'client')
        const answered = wsAccepts(true, offered)
        expect(answered !== undefined).toBe(offer !== undefined)
        if (!offer || !answered) return
        good++
        // ws leaves `client_max_window_bits` as it was offered, with no value, to its caller to fill in.
        const parameters = answered.parameters.filter(
          ([name, value]) => name !== 'client_max_window_bits' || value !== undefined,
        )
        const answer = parseDeflate({ ...answered, parameters }, 'server')
        expect(answer && answersOffer(answer, offer)).toBe(true)
      }),
      { numRuns: 2000 },
    )
    expect(good).toBeGreaterThan(200)
  })

  it('is answered by us with what ws takes as a client', () => {
    fc.assert(
      fc.property(element, offered => {
        const offer = parseDeflate(offered, 'client')
        if (!offer) return
        const [answer] = parseExtensions(formatDeflate(acceptDeflate(offer))) ?? []
        expect(answer && wsAccepts(false, answer)).toBeDefined()
      }),
      { numRuns: 1000 },
    )
  })
})

describe('an answer', () => {
  it('is well formed to ws exactly when it is to us', () => {
    fc.assert(
      fc.property(element, answered => {
        expect(wsAccepts(false, answered) !== undefined).toBe(parseDeflate(answered, 'server') !== undefined)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['08', '8.0', '1e1'])('with %s as window bits is taken by ws and not by us', bits => {
    // "a decimal integer value without leading zeroes between 8 to 15, inclusive" (RFC 7692 §7.1.2.1)
    const answer: Extension = { name: DEFLATE_NAME, parameters: [['server_max_window_bits', bits]] }
    expect(parseDeflate(answer, 'server')).toBeUndefined()
    expect(wsAccepts(false, answer)).toBeDefined()
  })
})
