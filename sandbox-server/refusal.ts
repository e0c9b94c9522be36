import type { ServerResponse } from 'node:http'
import type { TapSocket } from './tap.ts'

/** An HTTP answer that is not what the client hoped for. */
export interface HttpRefusal {
  readonly status: number
  readonly reason: string
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** One English sentence, the body. */
  readonly detail: string
}

function fieldsOf(refusal: HttpRefusal): [name: string, value: string][] {
  const fields = refusal.fields ?? []
  const connection = fields.filter(([name]) => name === 'Connection').map(([, value]) => value)
  return [
    ...fields
      .filter(([name]) => name !== 'Connection')
      .map(([name, value]): [string, string] => [name, value]),
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Length', String(Buffer.byteLength(bodyOf(refusal)))],
    ['Connection', [...connection, 'close'].join(', ')],
  ]
}

function bodyOf(refusal: HttpRefusal): string {
  return `${refusal.detail}\n`
}

/** Answers on a socket that no http response speaks for (an upgrade, a parse error), and ends it. */
export function refuseSocket(socket: TapSocket, refusal: HttpRefusal): void {
  const lines = fieldsOf(refusal).map(([name, value]) => `${name}: ${value}\r\n`)
  if (socket.writable)
    socket.write(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\n${lines.join('')}\r\n${bodyOf(refusal)}`)
  socket.destroySoon()
}

/** Answers an ordinary request, and ends its connection. */
export function refuseRequest(response: ServerResponse, refusal: HttpRefusal): void {
  response.writeHead(refusal.status, refusal.reason, fieldsOf(refusal).flat())
  response.end(bodyOf(refusal))
}
