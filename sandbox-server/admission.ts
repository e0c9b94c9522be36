import type { IncomingMessage } from 'node:http'
import type { RequestHead } from '#protocol/http-head.ts'
import type { Instances } from './bus/instances.ts'
import type { Capture, Viewer } from './captures.ts'
import type { Config } from './config.ts'
import type { FirstBytes } from './first-bytes.ts'
import {
  fieldsForWs,
  forbidden,
  readHead,
  rebuildHead,
  refusalOfHandshake,
  refusalOfStranger,
} from './gate.ts'
import { isLab, placeOf, type Opened } from './places.ts'
import { BAD_REQUEST, FULL, isLong, NOT_FOUND, uriTooLong, type HttpRefusal } from './refusal.ts'
import type { Route } from './sessions.ts'
import type { TapSocket } from './tap.ts'
import type { TappedSockets } from './tapped-sockets.ts'

/** Whether a request may have what it asks for, and whose page sees it. */
export interface Admitted {
  readonly refusal: HttpRefusal | undefined
  readonly capture: Capture | undefined
  /** The proxy that is to carry the request on, for whom. */
  readonly carried?: Carried | undefined
}
export interface Carried extends Route {
  readonly session: Viewer
}

/** Decides about every request for a place of the sandbox. */
export class Admission {
  readonly #config: Config
  readonly #instances: Instances
  readonly #sockets: TappedSockets
  readonly #port: () => number

  /** @param port the one the sandbox listens on, once it does */
  constructor(config: Config, instances: Instances, sockets: TappedSockets, port: () => number) {
    this.#config = config
    this.#instances = instances
    this.#sockets = sockets
    this.#port = port
  }

  /**
   * Looks at a handshake, after its tap is tied to the session whose ticket it brings, so that refusals are seen.
   * @param first what the connection began with, when this is its first request
   */
  async admit(
    request: IncomingMessage,
    socket: TapSocket,
    first: FirstBytes | undefined,
    place: Opened,
  ): Promise<Admitted> {
    // Only the first request of a connection has its bytes; a later one is rebuilt.
    const isFirst = first !== undefined && !first.overflown
    const head = readHead((isFirst ? first.head() : undefined) ?? rebuildHead(request))
    const ticket = place.kind === 'lab' ? place.ticket : null
    const dialled = this.#sockets.captureOf(socket)
    if (dialled)
      return { refusal: this.#judge(request, head) ?? refusalOfDialled(place, dialled), capture: dialled }
    if (ticket === null || place.kind !== 'lab')
      return { refusal: this.#judge(request, head) ?? refusalOfPlace(place), capture: undefined }
    // An earlier request's bytes belong to nobody's ticket, and a page shown half a connection would misread it.
    if (!isFirst) {
      const detail = 'A ticket is for the first request of a connection.'
      return { refusal: { ...BAD_REQUEST, detail }, capture: undefined }
    }
    const { capture, carried, refusal } = await this.#claim(socket, first, ticket, place.name)
    return { refusal: this.#judge(request, head) ?? refusal ?? refusalOfPlace(place), capture, carried }
  }

  /** Who may have an answer that is no handshake's. */
  refusalOfPlain(request: IncomingMessage): HttpRefusal | undefined {
    if (isLong(request, this.#config.limits)) return uriTooLong(this.#config.limits)
    const head = readHead(rebuildHead(request))
    if ('status' in head) return head
    // A page's request of its own origin has no Origin, and this instead.
    const isOwn = request.headers['sec-fetch-site'] === 'same-origin'
    const policy = { ...this.#config, port: this.#port() }
    return refusalOfStranger(head, isOwn ? { ...policy, allowNoOrigin: true } : policy)
  }

  /** What http cannot read may still carry the ticket of a page that wants to see how it is refused. */
  async captureUnreadable(socket: TapSocket, first: FirstBytes): Promise<void> {
    if (first.overflown) return
    const start = Buffer.from(first.start()).toString('latin1', 0, this.#config.limits.urlBytes)
    const place = placeOf(/^\S+ (\S+)/.exec(start)?.[1])
    if (place?.kind === 'lab' && place.ticket !== null)
      await this.#claim(socket, first, place.ticket, place.name)
  }

  async #claim(socket: TapSocket, first: FirstBytes, ticket: string, lab: string): Promise<Admitted> {
    // While another instance is asked the connection goes on, if only to its end.
    socket.sink = first
    const claimed = await this.#instances.claim(ticket, lab)
    socket.sink = undefined
    if (!claimed)
      return { refusal: forbidden('The ticket is unknown, expired or already used.'), capture: undefined }
    if (claimed === 'unreachable') return { refusal: UNREACHABLE, capture: undefined }
    const { session, route } = claimed
    const capture = session.capture(socket, first, claimed)
    return { refusal: undefined, capture, carried: route && { session, ...route } }
  }

  #judge(request: IncomingMessage, head: RequestHead | HttpRefusal): HttpRefusal | undefined {
    if (isLong(request, this.#config.limits)) return uriTooLong(this.#config.limits)
    if ('status' in head) return head
    const refusal = refusalOfHandshake(head, { ...this.#config, port: this.#port() })
    if (!refusal) Object.assign(request.headers, fieldsForWs(head))
    return refusal
  }
}

const UNREACHABLE: HttpRefusal = {
  ...FULL,
  detail: 'The instance that gave the ticket out cannot be reached.',
}

function refusalOfPlace(place: Opened): HttpRefusal | undefined {
  return place.kind === 'control' || isLab(place.name) ? undefined : NOT_FOUND
}

/** A page that plays a client reaches labs, never a control channel or another page's connection. */
function refusalOfDialled(place: Opened, { isBehind }: Capture): HttpRefusal | undefined {
  return place.kind === 'lab' && (place.ticket === null || isBehind) ? refusalOfPlace(place) : NOT_FOUND
}
