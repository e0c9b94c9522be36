import type { WebSocket } from 'ws'
import type { Limits } from './limits.ts'
import type { TapSocket } from './tap.ts'
import type { Watch } from './watch.ts'

/** Pings a peer; one that has not answered when the next ping is due is gone. */
export function keepAlive(webSocket: WebSocket, limits: Limits, watch: Watch): void {
  let answered = true
  const timer = setInterval(() => {
    // A peer we do not read from cannot be heard: the stall limit ends that.
    if (webSocket.isPaused) return
    if (!answered) {
      watch.limit('pingIntervalMs')
      webSocket.terminate()
      return
    }
    answered = false
    if (webSocket.readyState === webSocket.OPEN) webSocket.ping()
  }, limits.pingIntervalMs)
  webSocket.on('pong', () => {
    answered = true
  })
  webSocket.on('close', () => clearInterval(timer))
}

/**
 * Stops reading from a peer that does not read what it is sent, and ends the connection when that lasts or when too
 * much is waiting. To be called after the lab's own listeners, so that it sees what they have sent.
 */
export function applyBackpressure(
  webSocket: WebSocket,
  socket: TapSocket,
  limits: Limits,
  watch: Watch,
): void {
  let stalled: NodeJS.Timeout | undefined
  const end = (limit: 'outgoingEndBytes' | 'stallMs') => {
    watch.limit(limit)
    webSocket.terminate()
  }
  const look = () => {
    if (webSocket.bufferedAmount > limits.outgoingEndBytes) end('outgoingEndBytes')
    if (!socket.writableNeedDrain || stalled) return
    webSocket.pause()
    stalled = setTimeout(() => end('stallMs'), limits.stallMs)
  }
  socket.on('drain', () => {
    clearTimeout(stalled)
    stalled = undefined
    webSocket.resume()
  })
  webSocket.on('message', look)
  // ws answers pings by itself, which is output that the peer commands too.
  webSocket.on('ping', look)
  webSocket.on('close', () => clearTimeout(stalled))
}

/** Closes a connection on which nothing is said any more, and one that is old. */
export function limitLife(webSocket: WebSocket, limits: Limits, watch: Watch): void {
  const close = (limit: 'idleMs' | 'lifeMs', reason: string) => {
    watch.limit(limit)
    webSocket.close(1001, reason)
  }
  let lastMessage = performance.now()
  webSocket.on('message', () => {
    lastMessage = performance.now()
  })
  const checkIdle = () => {
    const left = lastMessage + limits.idleMs - performance.now()
    if (left <= 0) close('idleMs', 'idle for too long')
    else idle = setTimeout(checkIdle, left)
  }
  let idle = setTimeout(checkIdle, limits.idleMs)
  const life = setTimeout(() => close('lifeMs', 'open for too long'), limits.lifeMs)
  webSocket.on('close', () => {
    clearTimeout(idle)
    clearTimeout(life)
  })
}
