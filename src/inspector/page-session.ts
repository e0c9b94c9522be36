import { importFile } from '#recording/import-file.ts'
import { MAX_FILE_BYTES } from '#recording/limits.ts'
import { problemSentence } from '#recording/problem-words.ts'
import { RecordingError } from '#recording/recording-error.ts'
import type { Recording } from '#recording/recording.ts'
import { sourceFor, type PageParts } from './connect.ts'
import type { ConnectWishes } from './connect-wishes.ts'
import { EMPTY_DRAFT, type FrameDraft } from './frame-draft.ts'
import type { Inspector } from './inspector.ts'
import { recordingOfLink } from './opening-link.ts'
import type { PageLink } from './page-link.ts'
import type { Repeater } from './repeater.ts'
import { shownNumber } from './row-view.ts'
import { ShareLinkError } from './share-link.ts'
import { prepare } from './speak.ts'

const NO_CONNECTION = '연결이 없습니다. 먼저 연결하십시오.'

/** What a reader does with the inspector's page: connects, speaks, opens files and links. Changed in place. */
export class PageSession {
  readonly #inspector: Inspector
  readonly #repeater: Repeater
  readonly #parts: Omit<PageParts, 'kept' | 'onChange'>
  /** Where the recording on show was taken from, for links to it. */
  taken: PageLink = {}
  /** What went wrong with a file or a link; empty: nothing. */
  fault = ''

  constructor(inspector: Inspector, repeater: Repeater, parts: Omit<PageParts, 'kept' | 'onChange'>) {
    this.#inspector = inspector
    this.#repeater = repeater
    this.#parts = parts
  }

  connect(wishes: ConnectWishes): void {
    const inspector = this.#inspector
    const source = sourceFor(wishes, {
      ...this.#parts,
      kept: () => inspector.kept,
      onChange: () => inspector.sourceChanged(),
    })
    this.#begin({})
    inspector.watch(source)
    void source.begin().then(() => inspector.sourceChanged())
  }

  disconnect(): void {
    const { source } = this.#inspector
    if (source?.script && source.kind !== 'server') source.script.close(1000)
    else if (source?.player) void this.send({ ...EMPTY_DRAFT, kind: 'close' })
  }

  /** Sends once. Gives a sentence on what is wrong, when it could not be sent. */
  async send(draft: FrameDraft): Promise<string | undefined> {
    const { source } = this.#inspector
    if (!source) return NO_CONNECTION
    const ready = await prepare(source, draft, this.#parts.random)
    const wrong = 'fault' in ready ? ready : ready(0)
    return wrong?.fault
  }

  /** As `send`, so many times a second and in all. */
  async repeat(draft: FrameDraft, rate: number, total: number): Promise<string | undefined> {
    const { source } = this.#inspector
    if (!source) return NO_CONNECTION
    const ready = await prepare(source, draft, this.#parts.random)
    if ('fault' in ready) return ready.fault
    this.#repeater.start(ready, rate, total, () => source.state === 'live')
    return undefined
  }

  async open(recording: Recording, from: PageLink = {}, index = 0): Promise<void> {
    this.#begin(from)
    await this.#inspector.open(recording, index)
  }

  async openFile(file: File): Promise<void> {
    try {
      if (file.size > MAX_FILE_BYTES)
        throw new RecordingError(
          'too-large',
          '',
          `${file.size} bytes, and at most ${MAX_FILE_BYTES} are read`,
        )
      await this.open(importFile(new Uint8Array(await file.arrayBuffer()), file.name))
    } catch (error) {
      this.tell(
        `${file.name}: ${error instanceof RecordingError ? problemSentence(error) : '브라우저가 파일을 읽지 못했습니다. 파일이 그대로 있는지 확인해 주십시오.'}`,
      )
    }
  }

  /** Opens what a link names and selects its item. Gives the id of the span that is to be chosen in it. */
  async openLink({ connection = 1, item, span, ...from }: PageLink): Promise<string | undefined> {
    try {
      const recording = await recordingOfLink(from)
      if (recording && connection > recording.connections.length)
        throw new ShareLinkError(`이 기록에 ${connection}번째 연결은 없습니다. 링크를 확인해 주십시오.`)
      if (recording) await this.open(recording, from, connection - 1)
      if (item !== undefined) await this.#inspector.selectNear(item - 1)
      return span
    } catch (error) {
      if (!(error instanceof ShareLinkError) && !(error instanceof RecordingError)) throw error
      this.tell(error instanceof RecordingError ? problemSentence(error) : error.message)
      return undefined
    }
  }

  /** The link to what is on show, as far as a link can lead to it. */
  place(span: string | undefined): PageLink {
    const { recording, selectedItem } = this.#inspector
    return {
      ...this.taken,
      ...(recording && recording.index > 0 && { connection: recording.index + 1 }),
      ...(selectedItem && { item: shownNumber(selectedItem.number) }),
      ...(span !== undefined && { span }),
    }
  }

  /** Says what went wrong; nothing when it is empty. */
  tell(fault: string): void {
    this.fault = fault
    this.#inspector.dirty()
  }

  #begin(taken: PageLink): void {
    this.fault = ''
    this.taken = taken
    this.#repeater.stop()
  }
}
