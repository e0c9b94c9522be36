import { randomBytes } from 'node:crypto'
import { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls, createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import { WebSocket, WebSocketServer } from 'ws'
import { OVERHEARD_HOST, OVERHEARD_PATH } from '#contract/addresses.ts'

/** What is said between the two. */
export interface Conversation {
  /** Over TLS 1.3, as `wss:` has it. */
  readonly secure: boolean
  /** What the client says; the server says it back. */
  readonly text: string
}

interface Identity {
  readonly certificate: string
  readonly context: SecureContext
}

/**
 * A client and a server in this process that speak WebSocket with each other, in the open or over TLS, for whoever
 * listens between them. Both are as strange to the sandbox as any client on the street: they know no session.
 */
export class OverheardPair {
  readonly #timeoutMs: number
  readonly #webSockets: WebSocketServer
  /** Never listens: it is given its connections. */
  readonly #http = new HttpServer()
  #identity: Promise<Identity> | undefined

  /**
   * @param timeoutMs longest that a conversation may take
   * @param messageBytes longest message
   */
  constructor(timeoutMs: number, messageBytes: number) {
    this.#timeoutMs = timeoutMs
    this.#webSockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      maxPayload: messageBytes,
    })
    this.#http.on('upgrade', (request, socket: Duplex, head) => {
      this.#webSockets.handleUpgrade(request, socket, head, webSocket => {
        webSocket.on('error', () => {})
        webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }))
      })
    })
  }

  /**
   * Has them talk: one message, its echo, and the closing handshake.
   * @param client the client's end of a connection
   * @param server the server's
   */
  async talk(client: Socket, server: Duplex, { secure, text }: Conversation): Promise<void> {
    const identity = secure ? await (this.#identity ??= makeIdentity()) : undefined
    const end = () => {
      client.destroy()
      server.destroy()
    }
    const timer = setTimeout(end, this.#timeoutMs)
    server.once('close', () => clearTimeout(timer))
    client.on('error', end)
    this.#http.emit('connection', identity ? tlsServer(server, identity) : server)
    const speaker = new WebSocket(`${secure ? 'wss' : 'ws'}://${OVERHEARD_HOST}${OVERHEARD_PATH}`, {
      createConnection: () => (identity ? tlsClient(client, identity) : client),
      perMessageDeflate: false,
      origin: `${secure ? 'https' : 'http'}://${OVERHEARD_HOST}`,
      headers: { Cookie: `session=${randomBytes(8).toString('hex')}` },
    })
    speaker.on('error', end)
    speaker.on('open', () => speaker.send(text))
    speaker.on('message', () => speaker.close(1000))
  }
}

function tlsServer(socket: Duplex, { context }: Identity): TLSSocket {
  const secured = new TLSSocket(untilBothEnds(socket), {
    isServer: true,
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
  })
  secured.on('error', () => socket.destroy())
  return secured
}

/** A stand-in that TLS may destroy when it has parted: the connection itself goes on until the client's FIN is there. */
function untilBothEnds(socket: Duplex): Duplex {
  const standIn = new Duplex({
    read: () => void socket.resume(),
    write: (bytes: Buffer, _encoding, done) => void socket.write(bytes, done),
    final: done => void socket.end(done),
  })
  socket.on('data', (bytes: Buffer) => {
    if (!standIn.destroyed && !standIn.push(bytes)) socket.pause()
  })
  socket.on('end', () => {
    if (!standIn.destroyed) standIn.push(null)
  })
  socket.on('close', () => standIn.destroy())
  standIn.on('close', () => void socket.resume())
  return standIn
}

function tlsClient(socket: Socket, { certificate }: Identity): TLSSocket {
  return connectTls({
    socket,
    servername: OVERHEARD_HOST,
    ca: certificate,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
  })
}

/** A key and a certificate of its own, for as long as the process runs: nobody but the client above believes them. */
async function makeIdentity(): Promise<Identity> {
  const { private: key, cert: certificate } = await generate(
    [{ name: 'commonName', value: OVERHEARD_HOST }],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: OVERHEARD_HOST }] }],
    },
  )
  return {
    certificate,
    context: createSecureContext({ key, cert: certificate, minVersion: 'TLSv1.3' }),
  }
}
