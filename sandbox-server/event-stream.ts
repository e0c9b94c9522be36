import type { IncomingMessage, ServerResponse } from 'node:http'
import { EVENTS_COUNT, EVENTS_EVERY, EVENTS_RETRY_MS } from '#contract/addresses.ts'
import { readNumber } from './labs/parameters.ts'

/** What an EventSource names as the last event that it has, when it connects again. */
const LAST_ID = 'last-event-id'
/** Larger numbers of events are none of ours. */
const MOST_ID = 1_000_000

/** Whether a request is that of an EventSource: no link and no form can ask so. */
export function asksForEvents({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/event-stream')
}

/**
 * Tells events one after the other, as an EventSource reads them, and ends after as many as the query says. What is told
 * goes on behind the last event that the client has.
 * @param allowedOrigin of the page, where it is not the sandbox's own
 */
export function streamEvents(
  { headers }: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  allowedOrigin: string | undefined,
): void {
  const every = readNumber(query, EVENTS_EVERY)
  let left = readNumber(query, EVENTS_COUNT)
  let number = idOf(headers[LAST_ID])
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(allowedOrigin !== undefined && { 'Access-Control-Allow-Origin': allowedOrigin, Vary: 'Origin' }),
  })
  response.write(`retry: ${EVENTS_RETRY_MS}\n\n`)
  const timer = setInterval(() => {
    response.write(`id: ${++number}\ndata: 서버의 소식 ${number}\n\n`)
    if (--left > 0) return
    clearInterval(timer)
    response.end()
  }, every)
  response.on('close', () => clearInterval(timer))
}

function idOf(header: string | string[] | undefined): number {
  const value = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : 0
  return value < MOST_ID ? value : 0
}
