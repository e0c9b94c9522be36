/**
 * The few types of a service worker that this one uses: TypeScript has them in a library that cannot be read together
 * with that of pages.
 */
export interface WorkerScope {
  readonly clients: {
    matchAll(options: { includeUncontrolled: boolean; type: 'all' }): Promise<WorkerClient[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: ClientMessage) => void): void
}

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

export interface FetchEvent extends WorkerEvent {
  readonly request: Request
  /** The page that asks; '' for a navigation. */
  readonly clientId: string
  /** The page that the answer will be, '' unless it is a navigation. */
  readonly resultingClientId: string
  respondWith(answer: Promise<Response>): void
}

interface ClientMessage extends WorkerEvent {
  readonly data: unknown
  readonly source: WorkerClient | null
}

interface WorkerClient {
  readonly id: string
  postMessage(message: string): void
}
