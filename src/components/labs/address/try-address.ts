/** What the browser itself did with an address. */
export type Outcome =
  /** The constructor threw; nothing was sent. */
  | { readonly kind: 'thrown'; readonly name: string; readonly message: string }
  | { readonly kind: 'open'; readonly url: string; readonly ms: number }
  | { readonly kind: 'closed'; readonly url: string; readonly code: number; readonly ms: number }
  /** Neither, for that long. */
  | { readonly kind: 'silent'; readonly url: string; readonly ms: number }

/** How long an address may leave the reader waiting, in milliseconds. */
export const PATIENCE_MS = 6_000

/** Connects to an address as any page would, and parts at once. */
export async function tryAddress(address: string): Promise<Outcome> {
  let socket: WebSocket
  const started = performance.now()
  try {
    socket = new WebSocket(address)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    return { kind: 'thrown', name: error.name, message: error.message }
  }
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const { url } = socket
  const ms = () => performance.now() - started
  const timer = setTimeout(() => resolve({ kind: 'silent', url, ms: ms() }), PATIENCE_MS)
  socket.addEventListener('open', () => resolve({ kind: 'open', url, ms: ms() }))
  socket.addEventListener('close', ({ code }) => resolve({ kind: 'closed', url, code, ms: ms() }))
  const outcome = await promise
  clearTimeout(timer)
  socket.close()
  return outcome
}
