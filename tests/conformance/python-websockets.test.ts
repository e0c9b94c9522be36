import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROLES, type Role } from '#protocol/role.ts'
import { pythonWithWebsockets } from '../../scripts/launch/python-websockets.mjs'
import { cutAt } from '../protocol/bytes.ts'
import {
  AGREEMENTS,
  everyLength,
  LIMIT,
  ourVerdict,
  sameFailure,
  streams,
  type Agreement,
  type OurVerdict,
  type Verdict,
} from '../protocol/verdict.ts'

const PYTHON = pythonWithWebsockets(process.env)
if (PYTHON === undefined)
  console.warn(
    'SKIPPED: the codec is not compared with Python’s websockets, which is not installed (Debian: apt-get install python3-websockets)',
  )

const CASES = 1500

interface Sample {
  readonly sender: Role
  readonly agreement: Agreement
  readonly maxLength: number
  readonly chunks: readonly Uint8Array[]
}

function pythonVerdicts(samples: readonly Sample[]): Verdict[] {
  const lines = samples.map(({ sender, agreement, maxLength, chunks }) =>
    JSON.stringify({
      sender,
      deflate: agreement !== 'plain',
      forgets: agreement === 'deflate, context not taken over',
      maxLength,
      chunks: chunks.map(chunk => Buffer.from(chunk).toString('hex')),
    }),
  )
  const { stdout, stderr, status } = spawnSync(
    PYTHON ?? '',
    [join(import.meta.dirname, 'python_verdict.py')],
    { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 256 << 20 },
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

/** Samples of which Python's library says something else than we do, that it should not. */
function different(samples: readonly Sample[]): readonly object[] {
  const verdicts = pythonVerdicts(samples)
  expect(verdicts).toHaveLength(samples.length)
  return samples.flatMap(({ sender, agreement, maxLength, chunks }, i) => {
    // It takes lengths of any form in control frames too.
    const ours = ourVerdict(sender, chunks, agreement, { toControl: true }, maxLength)
    const theirs = verdicts[i] ?? { events: [], failure: undefined }
    const wire = Buffer.concat(chunks).toString('hex')
    return allowed(ours, theirs) ? [] : [{ wire, ours, theirs }]
  })
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && 'events' in value && Array.isArray(value.events)
}

/** What Python's library says where it differs from us, and why ours is as it is. */
function allowed(ours: OurVerdict, theirs: Verdict): boolean {
  const told = String(theirs.events)
  const same = sameFailure(ours, theirs) && told === String(ours.events)
  const begun = told === String(ours.events.slice(0, theirs.events.length))
  const knowsMore = String(theirs.events.slice(0, ours.events.length)) === String(ours.events)
  // It decodes the reason before it looks at the code: both are wrong, and either says so (§7.4, §8.1).
  const reason = ours.rule?.startsWith('close-code') === true && theirs.failure === 1007
  // Close inside a fragmented message is an error to it. "Control frames (see Section 5.5) MAY be injected in the middle
  // of a fragmented message" (§5.4), and Close is one.
  const closed =
    ours.events.at(-1)?.startsWith('close') === true &&
    theirs.failure === 1002 &&
    theirs.events.length === ours.events.length - 1
  // It inflates fragments as they come, and so may find out that a message is too long before its last is there.
  const tooLong = ours.failure === 1009 && theirs.failure === 1009 && begun
  // After a block with BFINAL, which RFC 7692 §7.2.3.4 allows, it inflates nothing more: messages come out empty.
  const emptied =
    ours.failure === theirs.failure &&
    ours.events.length === theirs.events.length &&
    ours.events.every(
      (event, i) => event === theirs.events[i] || `${event.split(' ')[0] ?? ''} ` === theirs.events[i],
    )
  // Bad UTF-8 is found by it at the end of the message; compressed data cut short is taken (see `ws-agreement.test.ts`),
  // and bad data is 1002 to it: RFC 7692 names no code.
  return same || emptied || tooLong || (knowsMore && (ours.early || reason)) || (closed && begun)
}

describe.skipIf(PYTHON === undefined).each(ROLES)('bytes of a %s', sender => {
  it.each(AGREEMENTS)(
    "get the same messages and verdict from Python's websockets: %s",
    { timeout: 120_000 },
    agreement => {
      const samples = fc
        .sample(streams(sender, agreement), CASES)
        .map(({ wire, cuts }) => ({ sender, agreement, maxLength: LIMIT, chunks: cutAt(wire, cuts) }))
      expect(different(samples)).toEqual([])
      const failures = new Set(pythonVerdicts(samples).map(verdict => verdict.failure))
      expect([undefined, 1002, 1007].every(code => failures.has(code))).toBe(true)
    },
  )

  it.each(AGREEMENTS)(
    "that are longer than the limit get the same code from Python's websockets: %s",
    { timeout: 120_000 },
    agreement => {
      const samples = fc
        .sample(streams(sender, agreement, true), CASES / 3)
        .map(({ wire, cuts }) => ({ sender, agreement, maxLength: 150, chunks: cutAt(wire, cuts) }))
      expect(different(samples)).toEqual([])
      const failures = new Set(pythonVerdicts(samples).map(verdict => verdict.failure))
      expect(failures).toEqual(new Set([undefined, 1009]))
    },
  )

  it('mean the same to it, with lengths of every form cut at every byte of their heads', () => {
    const { wire, cuts } = everyLength(sender)
    const samples = cuts.map(cut => ({
      sender,
      agreement: 'plain' as const,
      maxLength: LIMIT,
      chunks: cutAt(wire, [cut]),
    }))
    const wanted = ourVerdict(sender, [wire])
    expect(wanted.events).toHaveLength(5)
    const verdicts = pythonVerdicts(samples)
    expect(verdicts).toHaveLength(cuts.length)
    expect(verdicts.filter(({ events }) => events.join() !== wanted.events.join())).toEqual([])
  })
})
