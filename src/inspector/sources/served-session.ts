import { PLAYED_LAB } from '#contract/addresses.ts'
import { acceptFor } from '#protocol/accept.ts'
import { fieldValues, listTokens, type RequestHead } from '#protocol/http-head.ts'
import { LabSession } from '../../wire/lab-session.ts'
import type { BrowserSessionOptions } from './browser-session.ts'
import type { LiveSource } from './live-source.ts'
import { Player, type RandomBytes } from './player.ts'
import { headBytes } from './request-text.ts'

/** The reader's own WebSocket to a server that the reader plays too. */
export class ServedSession implements LiveSource {
  readonly kind = 'server'
  readonly role = 'server'
  readonly script: LabSession
  player: Player | undefined
  readonly #responseTo: (request: RequestHead) => string
  readonly #options: Omit<BrowserSessionOptions, 'lab'>
  readonly #random: RandomBytes
  #seen = 0
  #finAnswered = false

  /** @param responseTo the head to answer with, as text with a line to a header; empty: no answer */
  constructor(
    options: Omit<BrowserSessionOptions, 'lab'>,
    random: RandomBytes,
    responseTo: (request: RequestHead) => string = acceptance,
  ) {
    this.#options = options
    this.#random = random
    this.#responseTo = responseTo
    this.script = new LabSession({ ...options, lab: PLAYED_LAB, onChange: () => this.#onChange() })
  }

  get state() {
    return this.script.state
  }

  get absence() {
    return this.script.absence
  }

  get connection() {
    return this.script.connection
  }

  connect(subprotocols: readonly string[]): Promise<void> {
    return this.script.connect(subprotocols)
  }

  dispose(): void {
    this.script.dispose()
  }

  #onChange(): void {
    const { connection } = this.script
    if (connection) {
      const before = this.#seen
      this.#seen = connection.end
      for (let number = before; number < connection.end; number++) {
        const item = connection.itemAt(number)
        if (item?.kind === 'request' && !this.player) this.#play(connection.id, item.head)
        else if (item) this.player?.answer([item])
      }
      if (!this.#finAnswered && connection.endings.some(({ how }) => how === 'client-fin')) {
        this.#finAnswered = true
        this.player?.answerFin()
      }
    }
    this.#options.onChange()
  }

  #play(connection: number, request: RequestHead): void {
    const { channel } = this.script
    this.player = new Player(
      'server',
      {
        write: bytes => channel?.write(connection, bytes),
        end: how => channel?.end(connection, how),
      },
      this.#random,
    )
    const response = this.#responseTo(request)
    if (response !== '') this.player.write([headBytes(response)])
  }
}

/** The response that accepts a handshake (RFC 6455 §4.2.2), and the first subprotocol on offer. */
export function acceptance(request: RequestHead): string {
  const [key = ''] = fieldValues(request, 'Sec-WebSocket-Key')
  const [subprotocol] = listTokens(request, 'Sec-WebSocket-Protocol')
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(key)}`,
    ...(subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ].join('\n')
}
