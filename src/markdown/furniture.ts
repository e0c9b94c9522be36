import type { Recording } from '#recording/recording.ts'
import { GLOSSARY } from '../content/glossary.ts'
import { isMissionId } from '../missions/missions.ts'
import { RecordedError, recordedFrame, recordedHead, recordedValue } from '../content/recorded.ts'
import { readRecordingFile } from '../content/recording-files.ts'
import { CITED_RFCS, sectionTitle } from '../content/rfc.ts'

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
}

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/

function checkId(attributes: ReadonlyMap<string, string>): string | undefined {
  const id = attributes.get('id') ?? ''
  return ID.test(id) ? undefined : `id="${id}" has to be kebab-case`
}

/** Labs a lesson can place, by the name their missions use. */
const LAB_NAMES = ['first-connection', 'handshake']

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
  Quiz: { attributes: { id: 'text' }, children: { Option: { min: 2 } }, check: checkId },
  Option: { attributes: { correct: 'flag' }, within: ['Quiz'], children: { Reason: { min: 1, max: 1 } } },
  Reason: { attributes: {}, within: ['Option'] },
  Predict: { attributes: { id: 'text', unit: 'optional' }, check: checkId },
  Choice: { attributes: { value: 'text' }, within: ['Predict'] },
  Prediction: { attributes: { of: 'text' } },
  Lab: {
    attributes: { name: 'text', figure: 'text', title: 'text', caption: 'text', recording: 'text' },
    check: attributes => {
      const name = attributes.get('name') ?? ''
      return LAB_NAMES.includes(name) ? undefined : `there is no lab "${name}" (${LAB_NAMES.join(', ')} are)`
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
    check: attributes =>
      checkRecorded(attributes, (name, recording) => {
        const { text } = recordedValue(name, recording, attributes.get('value') ?? '')
        const expected = attributes.get('is') ?? text
        return expected === text
          ? undefined
          : `is "${text}" in recording "${name}", the lesson says "${expected}"`
      }),
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
  Hint: { attributes: {}, within: ['Mission'] },
  Solution: { attributes: {}, within: ['Mission'] },
}

/** Bytes that a lesson names have to be in the recording, as the lesson says they are. */
function checkRecorded(
  attributes: ReadonlyMap<string, string>,
  look: (name: string, recording: Recording) => string | undefined | void,
): string | undefined {
  const name = attributes.get('of') ?? ''
  try {
    return look(name, readRecordingFile(name)) ?? undefined
  } catch (error) {
    if (!(error instanceof RecordedError)) throw error
    return error.message
  }
}

function nearest(id: string): string {
  const close = Object.keys(GLOSSARY).filter(key => key.includes(id) || id.includes(key))
  return close.length > 0 ? `; did you mean ${close.map(key => `"${key}"`).join(' or ')}?` : ''
}
