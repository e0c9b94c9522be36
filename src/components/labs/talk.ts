import type { SourceKind } from '../../inspector/sources/live-source.ts'
import type { Act, Conversation, ConversationOptions } from './conversation.ts'
import type { LabSource } from './lab-source.svelte.ts'

/** A `Conversation` that is loaded when there is something to say: most who read a lesson look at its recording first. */
export class Talk {
  readonly #source: LabSource
  readonly #options: ConversationOptions
  #speaker: SourceKind
  #begun: Promise<Conversation> | undefined

  constructor(source: LabSource, speaker: SourceKind, options: ConversationOptions = {}) {
    this.#source = source
    this.#speaker = speaker
    this.#options = options
  }

  /** Another speaks from now on. */
  become(speaker: SourceKind): void {
    this.#speaker = speaker
    void this.#begun?.then(conversation => conversation.become(speaker))
  }

  /** Does it on a connection of who speaks. */
  say(act: Act): void {
    this.#begun ??= this.#begin()
    void this.#begun.then(conversation => conversation.say(act))
  }

  /** Says goodbye with 1000, if anybody is there. */
  end(): void {
    void this.#begun?.then(conversation => conversation.end())
  }

  async #begin(): Promise<Conversation> {
    const { Conversation } = await import('./conversation.ts')
    return new Conversation(this.#source, this.#speaker, this.#options)
  }
}
