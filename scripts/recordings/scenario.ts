import type { RecordedConnection } from '#recording/recording.ts'
import type { Recorder } from './recorder.ts'

/** One recording of a lesson: what happens in it, with the real sandbox and a real browser. */
export interface Scenario {
  /** File name without `.json`. */
  readonly file: string
  readonly title: string
  /** Who is at the client's end; left out: the browser. */
  readonly client?: string
  readonly play: (recorder: Recorder) => Promise<readonly RecordedConnection[]>
  /**
   * The order in which it happens, connection by connection: sides that speak and what JavaScript does, separated by
   * spaces. On a busy machine the two clocks may not agree well enough to show it; then it is recorded again.
   */
  readonly story?: readonly string[]
}
