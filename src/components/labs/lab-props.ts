import { packRecorded, type PackedRecording } from '#recording/packed.ts'
import { parseRecording } from '#recording/recording.ts'
import { recordings } from '../../content/recordings.ts'

/** What a lesson says of a lab (`<Lab name="…" …>`), with the recording itself in the place of its name. */
export interface PlateProps {
  /** Unique in the page; missions name it. */
  readonly name: string
  readonly number: string
  readonly title: string
  readonly caption: string
  /** Said in their place while a recording is on show, when they speak of the reader's own connection. */
  readonly recordedAs?: { readonly title: string; readonly caption: string }
  readonly recording: PackedRecording
}

/** The attributes of `<Lab>`, as `src/markdown/furniture.ts` checks them. */
export interface LabAttributes {
  readonly name: string
  readonly figure: string
  readonly number: string
  readonly title: string
  readonly caption: string
  /** Left out where nothing is captured. */
  readonly recording?: string
}

/** @throws Error when there is no such recording, or none is named */
export function plateProps({ name, number, title, caption, recording = '' }: LabAttributes): PlateProps {
  const file = recordings.get(recording)
  if (file === undefined) throw new Error(`<Lab name="${name}">: there is no recording "${recording}"`)
  return { name, number, title, caption, recording: packRecorded(parseRecording(file)) }
}
