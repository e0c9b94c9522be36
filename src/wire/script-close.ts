/** Codes that `WebSocket.close` takes; another throws InvalidAccessError (WebSockets Standard, `close(code, reason)`). */
export function scriptMayClose(code: number): boolean {
  return code === 1000 || (code >= 3000 && code <= 4999)
}
