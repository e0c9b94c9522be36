import type { Page } from 'playwright-core'

/** What Chromium's devtools protocol reported of one WebSocket. */
export interface DevtoolsSocket {
  readonly url: string
  /** The request as it was sent, one header a line; its first line is devtools' own. */
  requestHeadersText: string
  status: number
  responseHeadersText: string
  /** Data messages only: devtools reports no control frames. Binary payloads are base64. */
  readonly messages: {
    readonly sent: boolean
    readonly opcode: number
    readonly mask: boolean
    readonly payload: string
  }[]
  closed: boolean
}

/** Watches every WebSocket a page opens from now on, in order of creation. */
export async function watchSockets(page: Page): Promise<readonly DevtoolsSocket[]> {
  const devtools = await page.context().newCDPSession(page)
  const byId = new Map<string, DevtoolsSocket>()
  const sockets: DevtoolsSocket[] = []
  devtools.on('Network.webSocketCreated', ({ requestId, url }) => {
    const socket: DevtoolsSocket = {
      url,
      requestHeadersText: '',
      status: 0,
      responseHeadersText: '',
      messages: [],
      closed: false,
    }
    byId.set(requestId, socket)
    sockets.push(socket)
  })
  devtools.on('Network.webSocketHandshakeResponseReceived', ({ requestId, response }) => {
    const socket = byId.get(requestId)
    if (socket === undefined) return
    socket.requestHeadersText = response.requestHeadersText ?? ''
    socket.status = response.status
    socket.responseHeadersText = response.headersText ?? ''
  })
  const message =
    (sent: boolean) =>
    (event: { requestId: string; response: { opcode: number; mask: boolean; payloadData: string } }) => {
      const { opcode, mask, payloadData } = event.response
      byId.get(event.requestId)?.messages.push({ sent, opcode, mask, payload: payloadData })
    }
  devtools.on('Network.webSocketFrameSent', message(true))
  devtools.on('Network.webSocketFrameReceived', message(false))
  devtools.on('Network.webSocketClosed', ({ requestId }) => {
    const socket = byId.get(requestId)
    if (socket !== undefined) socket.closed = true
  })
  await devtools.send('Network.enable', { maxTotalBufferSize: 50_000_000, maxResourceBufferSize: 50_000_000 })
  return sockets
}
