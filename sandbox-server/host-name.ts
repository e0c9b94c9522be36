/** Host name of an authority (`host`, `host:port`, `[v6]:port`) as URLs write it; `undefined` when it is none. */
export function hostNameOf(authority: string): string | undefined {
  if (/[/?#@\\\s]/.test(authority)) return undefined
  return URL.parse(`http://${authority}`)?.hostname || undefined
}

/** Whether a host name or address means this machine and nothing else. */
export function isLoopbackName(name: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(name)
}
