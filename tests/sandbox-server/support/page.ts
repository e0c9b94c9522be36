import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import WebSocket, { type ClientOptions } from 'ws'
import { CONTROL_PATH, LAB_PATH_PREFIX, TICKET_PARAMETER } from '#contract/addresses.ts'
import type { ProxyKind } from '#contract/proxies.ts'
import { encodeWrite } from '#contract/write.ts'
import { parseEvent, type Chunk, type JsonEvent, type SandboxEvent } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import type { Role } from '#protocol/role.ts'

type Ticketed = Extract<JsonEvent, { type: 'ticket' }>

/** A reader's page as the sandbox sees it: a control channel, and everything that came over it. */
export class Page {
  readonly port: number
  readonly control: WebSocket
  readonly events: SandboxEvent[] = []
  #requests = 0

  /** @param origin where the port is reached otherwise than in the open */
  constructor(port: number, options: ClientOptions = {}, origin = `ws://127.0.0.1:${port}`) {
    this.port = port
    this.control = new WebSocket(`${origin}${CONTROL_PATH}`, options)
    this.control.on('error', () => {})
    this.control.setMaxListeners(0)
    this.control.on('message', (data: Buffer, isBinary) => {
      this.events.push(parseEvent(isBinary ? new Uint8Array(data) : data.toString()))
      this.control.emit('told')
    })
    onTestFinished(() => this.control.terminate())
  }

  /** Opens a control channel and says hello. */
  static async open(port: number, options?: ClientOptions, origin?: string): Promise<Page> {
    const page = new Page(port, options, origin)
    await once(page.control, 'open')
    page.say({ type: 'hello', version: CONTRACT_VERSION })
    await page.told('welcome')
    return page
  }

  say(command: unknown): void {
    this.control.send(typeof command === 'string' ? command : JSON.stringify(command))
  }

  /** Writes on a connection that this page plays one end of. */
  write(connection: number, bytes: string | Uint8Array): void {
    const written = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    this.control.send(encodeWrite({ request: ++this.#requests, connection, bytes: written }))
  }

  /** Waits for an event of a type that is as wanted. */
  async told<T extends SandboxEvent['type']>(
    type: T,
    wanted: (event: Extract<SandboxEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<SandboxEvent, { type: T }>> {
    const isIt = (event: SandboxEvent): event is Extract<SandboxEvent, { type: T }> => event.type === type
    for (;;) {
      const found = this.events.filter(isIt).find(wanted)
      if (found) return found
      if (this.control.readyState !== WebSocket.OPEN) throw new Error(`closed before an event ${type}`)
      await Promise.race([once(this.control, 'told'), once(this.control, 'close')])
    }
  }

  async ticket(lab = 'echo', through?: ProxyKind): Promise<Ticketed> {
    const request = ++this.#requests
    this.say({ type: 'ticket', request, lab, through })
    return this.told('ticket', event => event.request === request)
  }

  chunks(connection: number): Chunk[] {
    return this.events.filter(event => event.type === 'chunk' && event.connection === connection) as Chunk[]
  }

  /** All bytes of one direction of a connection that the page was shown. */
  bytes(connection: number, from: Role): Buffer {
    return Buffer.concat(this.chunks(connection).flatMap(chunk => (chunk.from === from ? [chunk.bytes] : [])))
  }

  async closed(connection: number): Promise<void> {
    await this.told('ending', event => event.connection === connection && event.how === 'closed')
  }
}

/** @param lab its name, with a query where it takes one */
export function labPath(ticket?: string, lab = 'echo'): string {
  const joint = lab.includes('?') ? '&' : '?'
  return `${LAB_PATH_PREFIX}${lab}${ticket === undefined ? '' : `${joint}${TICKET_PARAMETER}=${ticket}`}`
}

/** A `ws` client of a lab. */
export function openLab(
  port: number,
  ticket?: string,
  options: ClientOptions = {},
  protocols: string[] = [],
  lab?: string,
): WebSocket {
  const client = new WebSocket(`ws://127.0.0.1:${port}${labPath(ticket, lab)}`, protocols, options)
  client.on('error', () => {})
  onTestFinished(() => client.terminate())
  return client
}

/** A correct request for an opening handshake, with lines taken out, changed or added. */
export function handshake(
  port: number,
  {
    line = `GET ${labPath()} HTTP/1.1`,
    ...changes
  }: { line?: string } & Record<string, string | undefined> = {},
): string {
  const fields: Record<string, string | undefined> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...changes,
  }
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  )
  return `${[line, ...lines].join('\r\n')}\r\n\r\n`
}
