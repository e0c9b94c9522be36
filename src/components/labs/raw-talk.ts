import type { AnyFrameFields } from '#protocol/frame-encoder.ts'
import type { RawSession } from '../../inspector/sources/raw-session.ts'
import type { LabSource } from './lab-source.svelte.ts'

/**
 * A raw client of the echo lab that says frames one by one. It connects when it has something to say and is not
 * connected, again after the server has ended the connection too.
 */
export class RawTalk {
  readonly #source: LabSource<RawSession>
  #session: RawSession | undefined
  /** What waits for the handshake; undefined when none is under way. */
  #unsaid: AnyFrameFields[] | undefined
  /** Number that the item of the latest saying may have at the earliest. */
  #from = 0

  constructor(source: LabSource<RawSession>) {
    this.#source = source
  }

  /** Says it now, or once the handshake is done. */
  say(...frames: readonly AnyFrameFields[]): void {
    this.#from = this.#source.state === 'live' ? (this.#source.connection?.end ?? 0) : 0
    if (this.#source.state === 'live') this.#session?.player?.say(...frames)
    else if (this.#unsaid) this.#unsaid.push(...frames)
    else void this.#connect((this.#unsaid = [...frames]))
  }

  /** Key of the timeline's row of what was said last, once it has crossed. */
  get saidRow(): string | undefined {
    return this.#source.read(session => {
      const { connection } = session ?? {}
      if (connection === undefined) return undefined
      for (let number = this.#from; number < connection.end; number++) {
        const item = connection.itemAt(number)
        if (item?.kind === 'frame' && item.from === 'client') return `i${number}`
      }
      return undefined
    })
  }

  async #connect(unsaid: readonly AnyFrameFields[]): Promise<void> {
    const { rawEcho } = await import('./raw-echo.ts')
    const { session, connect } = rawEcho(() => {
      if (session.state !== 'connecting') this.#unsaid = undefined
      if (session.state === 'live' && !said) {
        said = true
        for (const frame of unsaid) session.player?.say(frame)
      }
      this.#source.changed()
    })
    let said = false
    this.#session = this.#source.show(session)
    await connect()
  }
}
