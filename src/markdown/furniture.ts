import type { Recording } from '#recording/recording.ts'
import { GLOSSARY } from '../content/glossary.ts'
import { readRaceFile } from '../content/race-files.ts'
import { measuredValue } from '../content/race-record.ts'
import { recordedBytes } from '../content/recorded-bytes.ts'
import { RecordedError, recordedFrame, recordedHead, recordedValue } from '../content/recorded.ts'
import { readRecordingFile } from '../content/recording-files.ts'
import { CITED_RFCS, sectionTitle } from '../content/rfc.ts'
import { DRAWN_FURNITURE } from './drawn-furniture.ts'
import { isMissionId } from '../missions/missions.ts'
import { labNames } from './labs.ts'
import { KEBAB } from './lesson-tree.ts'

/** `text`: must have a value; `optional`: may have one; `flag`: present or not, without a value. */
type AttributeRule = 'text' | 'optional' | 'flag'

/** What one piece of lesson furniture may be given, and where it may stand. */
export interface FurnitureRule {
  readonly attributes: Readonly<Record<string, AttributeRule>>
  /** The only elements it may stand directly in. */
  readonly within?: readonly string[]
  /** How many of each element must stand directly in it. */
  readonly children?: Readonly<Record<string, { readonly min: number; readonly max?: number }>>
  /** Looks at values: returns what is wrong, as a sentence for the author. */
  readonly check?: (attributes: ReadonlyMap<string, string>) => string | undefined
  /** Looks at it together with what stands in it, and may give its parts attributes that authors do not write. */
  readonly compose?: (whole: FurniturePart, parts: readonly FurniturePart[]) => void
}

/** An element of a lesson, as a rule sees it that looks at more than one. */
export interface FurniturePart {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** Whether anything stands in it. */
  readonly empty: boolean
  set(attribute: string, value: string): void
  /** Stops the build, naming the element and its line. */
  fail(problem: string): never
}

function checkId(attributes: ReadonlyMap<string, string>): string | undefined {
  const id = attributes.get('id') ?? ''
  return KEBAB.test(id) ? undefined : `id="${id}" has to be kebab-case`
}

/** Every component that lessons use without importing it. */
export const FURNITURE: Readonly<Record<string, FurnitureRule>> = {
  Note: { attributes: { title: 'text' } },
  Myth: { attributes: { claim: 'text' } },
  Summary: { attributes: {} },
  Client: { attributes: {} },
  Server: { attributes: {} },
  Plate: { attributes: { figure: 'text', title: 'text', caption: 'optional', wide: 'flag' } },
  Fig: { attributes: { of: 'text' } },
  Term: {
    attributes: { of: 'text' },
    check: attributes => {
      const id = attributes.get('of') ?? ''
      return Object.hasOwn(GLOSSARY, id) ? undefined : `glossary.ts has no term "${id}"${nearest(id)}`
    },
  },
  Rfc: {
    attributes: { section: 'text', number: 'optional' },
    check: attributes => {
      const rfc = attributes.get('number') ?? '6455'
      const section = attributes.get('section') ?? ''
      if (!CITED_RFCS.includes(rfc))
        return `RFC ${rfc} is not in rfc-sections.json (${CITED_RFCS.join(', ')} are)`
      return sectionTitle(rfc, section) ? undefined : `RFC ${rfc} has no section ${section}`
    },
  },
  Quiz: {
    attributes: { id: 'text', multiple: 'flag', section: 'optional' },
    children: { Option: { min: 2 } },
    check: checkId,
  },
  Option: { attributes: { correct: 'flag' }, within: ['Quiz'], children: { Reason: { min: 1, max: 1 } } },
  ShortAnswer: {
    attributes: { id: 'text', number: 'flag', unit: 'optional', section: 'optional' },
    children: { Accept: { min: 1 } },
    check: checkId,
  },
  Accept: {
    attributes: { is: 'optional', of: 'optional', value: 'optional' },
    within: ['ShortAnswer'],
    check: attributes =>
      attributes.has('of') || attributes.has('value')
        ? checkValue(attributes)
        : attributes.has('is')
          ? undefined
          : 'needs is="…", or of="…" and value="…" of a recording',
  },
  Wrong: { attributes: { is: 'text' }, within: ['ShortAnswer'] },
  PutInOrder: {
    attributes: { id: 'text', section: 'optional' },
    children: { Step: { min: 3 } },
    check: checkId,
  },
  Step: { attributes: {}, within: ['PutInOrder'], children: { Reason: { min: 1, max: 1 } } },
  FindBytes: {
    attributes: {
      id: 'text',
      of: 'text',
      frame: 'optional',
      side: 'optional',
      span: 'text',
      from: 'optional',
      to: 'optional',
      section: 'optional',
    },
    children: { Reason: { min: 1, max: 1 } },
    check: attributes =>
      checkId(attributes) ??
      checkRecorded(attributes, (name, recording) => {
        recordedBytes(name, recording, Object.fromEntries(attributes))
      }),
  },
  Reason: { attributes: {}, within: ['Option', 'Step', 'FindBytes'] },
  Predict: { attributes: { id: 'text', unit: 'optional' }, check: checkId },
  Choice: { attributes: { value: 'text' }, within: ['Predict'] },
  Prediction: {
    attributes: { of: 'text', recording: 'optional', value: 'optional', lab: 'optional', answer: 'optional' },
    check: attributes => {
      const recording = attributes.get('recording')
      if (recording === undefined && !attributes.has('value') && !attributes.has('lab')) return undefined
      if (recording === undefined || !attributes.has('value'))
        return 'needs recording="…" and value="…" together, and for lab="…" too'
      return checkValue(new Map([...attributes, ['of', recording]]))
    },
  },
  Lab: {
    attributes: { name: 'text', figure: 'text', title: 'text', caption: 'text', recording: 'optional' },
    check: attributes => {
      const name = attributes.get('name') ?? ''
      const known = labNames()
      return known.includes(name) ? undefined : `there is no lab "${name}" (${known.join(', ')} are)`
    },
  },
  Mission: {
    attributes: { id: 'text', title: 'text', lab: 'text' },
    children: { Hint: { min: 2 }, Solution: { min: 1, max: 1 } },
    check: attributes => {
      const id = attributes.get('id') ?? ''
      return isMissionId(id) ? undefined : `there is no mission "${id}" in src/missions/missions.ts`
    },
  },
  Recorded: {
    attributes: { of: 'text', value: 'text', is: 'optional' },
    check: checkValue,
  },
  Measured: {
    attributes: { of: 'text', value: 'text', is: 'optional' },
    check: attributes =>
      checkFile(attributes, readRaceFile, (name, race) =>
        checkIs(attributes, measuredValue(name, race, attributes.get('value') ?? ''), `race "${name}"`),
      ),
  },
  RecordedHead: {
    attributes: { of: 'text', side: 'text', figure: 'text', title: 'text', caption: 'text' },
    check: attributes =>
      checkRecorded(attributes, (name, recording) => {
        recordedHead(name, recording, attributes.get('side') ?? '')
      }),
  },
  RecordedFrame: {
    attributes: { of: 'text', frame: 'text', figure: 'text', title: 'text', caption: 'text' },
    check: attributes =>
      checkRecorded(attributes, (name, recording) => {
        recordedFrame(name, recording, attributes.get('frame') ?? '')
      }),
  },
  ...DRAWN_FURNITURE,
  Hint: { attributes: {}, within: ['Mission'] },
  Solution: { attributes: {}, within: ['Mission'] },
}

/** `value` has to be in recording `of`, and be what `is` says. */
function checkValue(attributes: ReadonlyMap<string, string>): string | undefined {
  return checkRecorded(attributes, (name, recording) => {
    const { text } = recordedValue(name, recording, attributes.get('value') ?? '')
    return checkIs(attributes, text, `recording "${name}"`)
  })
}

/** What is there has to be what `is` says, where it says anything. */
function checkIs(attributes: ReadonlyMap<string, string>, text: string, where: string): string | undefined {
  const expected = attributes.get('is') ?? text
  return expected === text ? undefined : `is "${text}" in ${where}, the lesson says "${expected}"`
}

/** Bytes that a lesson names have to be in the recording, as the lesson says they are. */
function checkRecorded(
  attributes: ReadonlyMap<string, string>,
  look: (name: string, recording: Recording) => string | undefined | void,
): string | undefined {
  return checkFile(attributes, readRecordingFile, look)
}

/** What a lesson takes from the file `of` has to be in it. */
function checkFile<File>(
  attributes: ReadonlyMap<string, string>,
  read: (name: string) => File,
  look: (name: string, file: File) => string | undefined | void,
): string | undefined {
  const name = attributes.get('of') ?? ''
  try {
    return look(name, read(name)) ?? undefined
  } catch (error) {
    if (!(error instanceof RecordedError)) throw error
    return error.message
  }
}

function nearest(id: string): string {
  const close = Object.keys(GLOSSARY).filter(key => key.includes(id) || id.includes(key))
  return close.length > 0 ? `; did you mean ${close.map(key => `"${key}"`).join(' or ')}?` : ''
}
