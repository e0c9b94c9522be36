import { CONTROL_PATH, TICKET_PARAMETER } from '#contract/addresses.ts'
import { parseEvent, type SandboxEvent } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { ECHO_PATH, frameOf, LightClient } from './light-client.ts'

type Text = Exclude<SandboxEvent, { type: 'chunk' }>

/** A reader's page: a control channel, of which what is mirrored is read and no more. */
export class LightPage {
  readonly client: LightClient
  /** Hears of what is said to the page. */
  onEvent: ((event: Text) => void) | undefined
  #requests = 0

  private constructor(client: LightClient) {
    this.client = client
    client.onMessage = (payload, isBinary) => {
      // A page has a processor of its own for what is mirrored to it.
      if (isBinary) return
      const event = parseEvent(payload.toString())
      if (event.type !== 'chunk') this.onEvent?.(event)
    }
  }

  static async open(port: number): Promise<LightPage> {
    const page = new LightPage(await LightClient.open(port, CONTROL_PATH))
    page.say({ type: 'hello', version: CONTRACT_VERSION })
    return page
  }

  say(command: object): void {
    this.client.socket.write(frameOf(OPCODES.text, Buffer.from(JSON.stringify(command))))
  }

  /** Asks for a ticket to the echo, and gives the path where it is to be used. */
  async path(): Promise<string> {
    const { onEvent } = this
    const told = new Promise<string>((resolve, reject) => {
      this.onEvent = event => {
        if (event.type === 'ticket') resolve(event.ticket)
        else if (event.type === 'error') reject(new Error(JSON.stringify(event)))
        else onEvent?.(event)
      }
      this.client.socket.once('close', () => reject(new Error('the control channel has ended')))
    })
    this.say({ type: 'ticket', request: ++this.#requests, lab: 'echo' })
    const ticket = await told
    this.onEvent = onEvent
    return `${ECHO_PATH}?${TICKET_PARAMETER}=${ticket}`
  }
}
