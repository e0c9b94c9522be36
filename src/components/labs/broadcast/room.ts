import { BROADCAST_TO, ROOM_PARAMETER } from '#contract/addresses.ts'
import { BrowserSession } from '../../../inspector/sources/browser-session.ts'
import type { LiveSource } from '../../../inspector/sources/live-source.ts'
import type { RandomBytes } from '../../../inspector/sources/player.ts'
import { pageChannel } from '../../../sandbox/page-channel.ts'
import type { CapturedConnection } from '../../../wire/captured-connection.ts'
import type { LabState } from '../../../wire/lab-session.ts'
import { roomName } from '../room-name.ts'

/** Several WebSockets of this page that meet in a room of their own. */
export class Room implements LiveSource {
  readonly kind = 'browser'
  readonly role = 'client'
  readonly player = undefined
  readonly script = undefined
  /** By the place of the person; undefined who has not come yet. */
  readonly members: (BrowserSession | undefined)[] = []
  readonly #name: string
  readonly #onChange: () => void

  constructor(random: RandomBytes, onChange: () => void) {
    this.#name = roomName(random)
    this.#onChange = onChange
  }

  get state(): LabState {
    const states = this.members.flatMap(member => member?.state ?? [])
    const worst = (['absent', 'connecting', 'live', 'ended'] as const).find(state => states.includes(state))
    return worst ?? 'waiting'
  }

  get absence() {
    return this.members.find(member => member?.absence !== undefined)?.absence
  }

  get connection(): CapturedConnection | undefined {
    return this.connections.at(-1)
  }

  get connections(): readonly CapturedConnection[] {
    return this.members.flatMap(member => member?.connection ?? [])
  }

  /** @param hearsItself whether this person is told what they say themselves */
  async enter(place: number, hearsItself: boolean): Promise<void> {
    const member = (this.members[place] ??= new BrowserSession({
      lab: 'broadcast',
      channel: pageChannel,
      onChange: this.#onChange,
    }))
    const to = hearsItself ? BROADCAST_TO.all : BROADCAST_TO.others
    await member.connect([], { [ROOM_PARAMETER]: this.#name, [BROADCAST_TO.name]: to })
  }

  dispose(): void {
    for (const member of this.members) member?.dispose()
  }
}
