import { EVENTS_COUNT, EVENTS_EVERY, EVENTS_PATH } from '#contract/addresses.ts'

/** What an EventSource asks for: how often, how many, and behind which event; a line to a header. */
export function streamHead(host: string, every: number, count: number, lastEventId?: number): string {
  return [
    `GET ${EVENTS_PATH}?${EVENTS_EVERY.name}=${every}&${EVENTS_COUNT.name}=${count} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: text/event-stream',
    'Cache-Control: no-cache',
    'Connection: close',
    ...(lastEventId === undefined ? [] : [`Last-Event-ID: ${lastEventId}`]),
  ].join('\n')
}
