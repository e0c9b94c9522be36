import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROLES, type Role } from '#protocol/role.ts'
import { cutAt } from '../protocol/bytes.ts'
import { ourVerdict, streams, type OurVerdict, type Stream, type Verdict } from '../protocol/verdict.ts'

/** A virtual environment's Python may lack what the distribution's has. */
const PYTHON = ['python3', '/usr/bin/python3'].find(
  python => spawnSync(python, ['-c', 'import websockets']).status === 0,
)
if (PYTHON === undefined)
  console.warn(
    'SKIPPED: the codec is not compared with Python’s websockets, which is not installed (Debian: apt-get install python3-websockets)',
  )

const CONTEXTS = { serverNoContextTakeover: false, clientNoContextTakeover: false }
const CASES = 1500

function pythonVerdicts(sender: Role, deflate: boolean, samples: readonly Stream[]): Verdict[] {
  const lines = samples.map(({ wire, cuts }) =>
    JSON.stringify({
      sender,
      deflate,
      chunks: cutAt(wire, cuts).map(chunk => Buffer.from(chunk).toString('hex')),
    }),
  )
  const { stdout, stderr, status } = spawnSync(
    PYTHON ?? '',
    [join(import.meta.dirname, 'python_verdict.py')],
    {
      input: lines.join('\n'),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    },
  )
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map(line => {
      const parsed: unknown = JSON.parse(line)
      return isVerdict(parsed) ? { events: parsed.events, failure: parsed.failure } : expect.unreachable(line)
    })
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && 'events' in value && Array.isArray(value.events)
}

/** What Python's library says where it differs from us, and why ours is as it is. */
function allowed(ours: OurVerdict, theirs: Verdict): boolean {
  const same = ours.failure === theirs.failure && String(ours.events) === String(theirs.events)
  const begun = String(theirs.events.slice(0, ours.events.length)) === String(ours.events)
  // It decodes the reason before it looks at the code: both are wrong, and either says so (§7.4, §8.1).
  const reason = ours.rule?.startsWith('close-code') === true && theirs.failure === 1007
  // Close inside a fragmented message is an error to it. "Control frames MAY be injected in the middle of a
  // fragmented message" (§5.4), and Close is one.
  const last = ours.events.at(-1)
  const closed =
    last?.startsWith('close') === true &&
    theirs.failure === 1002 &&
    theirs.events.length === ours.events.length - 1
  // Bad UTF-8 is found by it at the end of the message; compressed data cut short is taken (see `ws-agreement.test.ts`),
  // and bad data is 1002 to it: RFC 7692 names no code.
  // After a block with BFINAL, which RFC 7692 §7.2.3.4 allows, it inflates nothing more: messages come out empty.
  const emptied =
    ours.failure === theirs.failure &&
    ours.events.length === theirs.events.length &&
    ours.events.every(
      (event, i) => event === theirs.events[i] || `${event.split(' ')[0] ?? ''} ` === theirs.events[i],
    )
  return same || emptied || (begun && (ours.early || reason)) || closed
}

describe.skipIf(PYTHON === undefined).each(ROLES)('bytes of a %s', sender => {
  it.each([
    ['without compression', false],
    ['with permessage-deflate', true],
  ])("get the same messages and verdict from Python's websockets, %s", { timeout: 60_000 }, (_, deflate) => {
    const samples = fc.sample(streams(sender, deflate), CASES)
    const verdicts = pythonVerdicts(sender, deflate, samples)
    expect(verdicts).toHaveLength(CASES)
    const different = samples.flatMap(({ wire, cuts }, i) => {
      // It takes lengths of any form in control frames too.
      const ours = ourVerdict(sender, cutAt(wire, cuts), deflate ? CONTEXTS : undefined, undefined, true)
      const theirs = verdicts[i] ?? { events: [], failure: undefined }
      return allowed(ours, theirs) ? [] : [{ wire: Buffer.from(wire).toString('hex'), ours, theirs }]
    })
    expect(different).toEqual([])
    expect(new Set(verdicts.map(verdict => verdict.failure))).toEqual(new Set([undefined, 1002, 1007]))
  })
})
