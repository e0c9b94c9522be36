import { LAB_PATH_PREFIX, SPEAK_EVERY } from '#contract/addresses.ts'

/** An ordinary request for the latest word of a server that speaks every so many milliseconds, a line to a header. */
export function pollHead(host: string, every: number): string {
  return [
    `GET ${LAB_PATH_PREFIX}speak?${SPEAK_EVERY.name}=${every} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: text/plain',
    'Connection: close',
  ].join('\n')
}
