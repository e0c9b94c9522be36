import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Limits } from './limits.ts'
import type { TapSocket } from './tap.ts'
import type { Watch } from './watch.ts'

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** A connection with an answer in the making. */
interface Busy {
  response: ServerResponse
  readonly waiting: Exchange[]
  /** What is to happen when nothing waits any more. */
  last?: () => void
}

/**
 * Lets each connection have one answer at a time. http gives its listener pipelined requests as soon as they are read,
 * and tells only the foremost of their answers when the connection goes: what the others hold (files) would stay open.
 */
export class Turns {
  readonly #limits: Pick<Limits, 'pipelinedRequests' | 'stallMs'>
  readonly #watch: Pick<Watch, 'limit'>
  readonly #busy = new WeakMap<object, Busy>()

  constructor(limits: Pick<Limits, 'pipelinedRequests' | 'stallMs'>, watch: Pick<Watch, 'limit'>) {
    this.#limits = limits
    this.#watch = watch
  }

  /** The listener, called for each request when those before it are answered; a connection with too many ends. */
  inTurn(listener: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request
      const busy = this.#busy.get(socket)
      if (socket.destroyed) return
      if (!busy) this.#answer({ request, response }, { response, waiting: [] }, listener)
      else if (busy.waiting.length < this.#limits.pipelinedRequests) busy.waiting.push({ request, response })
      else {
        this.#watch.limit('pipelinedRequests')
        socket.destroy()
      }
    }
  }

  /**
   * Does what http leaves to us (an upgrade, a refusal) when all that was asked before is answered; at once if it is.
   * Nothing is done on a connection that ends before.
   */
  afterAll(socket: TapSocket, act: () => void): void {
    const busy = this.#busy.get(socket)
    if (!busy || (busy.response.writableEnded && busy.waiting.length === 0)) {
      act()
      return
    }
    // http no longer looks after the connection: not for its answers when it can be written to, nor for its end.
    const drained = () => busy.response.emit('drain')
    const stalled = () => {
      this.#watch.limit('stallMs')
      socket.destroy()
    }
    socket.on('drain', drained).setTimeout(this.#limits.stallMs, stalled)
    busy.last = () => {
      socket.off('drain', drained).setTimeout(0, stalled)
      act()
    }
  }

  #answer({ request, response }: Exchange, busy: Busy, listener: RequestListener): void {
    const { socket } = request
    busy.response = response
    this.#busy.set(socket, busy)
    // Of a client that never reads its answer. Not of every connection (`server.timeout`): a socket keeps its timer for
    // good, and a WebSocket would too.
    socket.setTimeout(this.#limits.stallMs)
    response.once('close', () => {
      const next = busy.waiting.shift()
      // An answer that said `Connection: close` was the last.
      if (next && socket.writable) this.#answer(next, busy, listener)
      else {
        this.#busy.delete(socket)
        if (socket.writable) busy.last?.()
      }
    })
    listener(request, response)
  }
}
