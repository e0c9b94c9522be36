import { encodeClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { BrowserSession } from '../../inspector/sources/browser-session.ts'
import type { LiveSource, SourceKind } from '../../inspector/sources/live-source.ts'
import { pageChannel } from '../../sandbox/page-channel.ts'
import type { LabSource } from './lab-source.svelte.ts'
import { randomBytes } from './random-bytes.ts'

/** Something to say or do on a connection that is open. */
export type Act = (session: LiveSource) => void | Promise<void>

export interface ConversationOptions {
  /** What binary messages become in the page. */
  readonly binaryType?: () => BinaryType
}

/**
 * Speaks in a lab as its browser, as a raw client of the echo lab, or as the server that the reader's browser is
 * connected to. It connects when there is something to say, again after the other side has ended the connection too.
 */
export class Conversation {
  readonly #source: LabSource
  readonly #options: ConversationOptions
  #speaker: SourceKind
  /** Rises when another speaks, so that what was begun for the former comes to nothing. */
  #turn = 0
  #isBeginning = false
  #unsaid: Act[] = []

  constructor(source: LabSource, speaker: SourceKind, options: ConversationOptions = {}) {
    this.#source = source
    this.#options = options
    this.#speaker = speaker
    source.show(nobody(speaker))
  }

  /** Another speaks from now on; its connection is opened when it has something to say. */
  become(speaker: SourceKind): void {
    this.#turn++
    this.#isBeginning = false
    this.#speaker = speaker
    this.#unsaid = []
    this.#source.show(nobody(speaker))
  }

  /** Does it now, or as soon as there is a connection. */
  say(act: Act): void {
    const { current, state } = this.#source
    if (state === 'live' && current) void act(current)
    else {
      this.#unsaid.push(act)
      if (state !== 'connecting') void this.#connect()
    }
  }

  /** Says goodbye with 1000, if anybody is there. */
  end(): void {
    const { current, state } = this.#source
    if (state !== 'live' || !current) return
    const { script, player } = current
    if (script) script.close(1000)
    else
      player?.say({
        opcode: OPCODES.close,
        payload: encodeClosePayload(1000),
        maskingKey: player.freshKey(),
      })
  }

  async #connect(): Promise<void> {
    if (this.#isBeginning) return
    this.#isBeginning = true
    const turn = this.#turn
    const { session, connect } = await this.#session()
    if (turn !== this.#turn) return
    this.#isBeginning = false
    this.#source.show(session)
    await connect()
    if (session.state === 'absent') this.#unsaid = []
  }

  /** What plays an end is loaded when it is wanted: most labs begin with the browser. */
  async #session(): Promise<{ readonly session: LiveSource; readonly connect: () => Promise<void> }> {
    const options = { channel: pageChannel, onChange: () => this.#onChange(), ...this.#options }
    switch (this.#speaker) {
      case 'raw': {
        const { rawEcho } = await import('./raw-echo.ts')
        return rawEcho(options.onChange)
      }
      case 'server': {
        const { ServedSession } = await import('../../inspector/sources/served-session.ts')
        const session = new ServedSession(options, randomBytes)
        return { session, connect: () => session.connect([]) }
      }
      case 'browser': {
        const session = new BrowserSession({ ...options, lab: 'echo' })
        return { session, connect: () => session.connect() }
      }
    }
  }

  #onChange(): void {
    const { current, state } = this.#source
    if (state === 'live' && current) for (const act of this.#unsaid.splice(0)) void act(current)
    this.#source.changed()
  }
}

/** Who has not connected yet. */
function nobody(kind: SourceKind): LiveSource {
  return {
    kind,
    role: kind === 'server' ? 'server' : 'client',
    state: 'waiting',
    absence: undefined,
    connection: undefined,
    player: undefined,
    script: undefined,
    dispose: () => {},
  }
}
