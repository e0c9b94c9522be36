import { once } from 'node:events'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { deflateMessage } from '../../protocol/inflate.ts'
import { handshake, openLab } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'
import { TcpClient } from '../support/tcp-client.ts'

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

test('the deflate lab compresses for who offers it, and echoes plainly for who does not', async () => {
  const { port } = await runSandbox()
  for (const offers of [true, false]) {
    const client = openLab(port, undefined, { perMessageDeflate: offers }, [], 'deflate')
    await once(client, 'open')
    expect(client.extensions.startsWith('permessage-deflate')).toBe(offers)
    const text = '같은 말 '.repeat(100)
    client.send(text)
    expect(String((await once(client, 'message'))[0])).toBe(text)
    client.close()
  }
})

test('a compressed message that inflates beyond the limit is too long', async () => {
  const { port } = await runSandbox({ limits: { messageBytes: 10_000 } })
  const client = openLab(port, undefined, { perMessageDeflate: { threshold: 0 } }, [], 'deflate')
  await once(client, 'open')
  client.send(Buffer.alloc(10_001))
  expect((await once(client, 'close'))[0]).toBe(1009)
})

test('RSV1 without an agreement is a broken rule in any lab', async () => {
  const { port } = await runSandbox()
  for (const lab of ['deflate', 'echo']) {
    const client = openLab(port, undefined, { perMessageDeflate: false }, [], lab)
    await once(client, 'open')
    const payload = deflateRawSync('x')
    const socket = (client as unknown as { readonly _socket: { write(bytes: Uint8Array): void } })._socket
    socket.write(encodeFrame({ opcode: 1, payload, rsv1: true, maskingKey: KEY }))
    expect((await once(client, 'close'))[0]).toBe(1002)
  }
})

test.each([
  ['permessage-deflate; server_max_window_bits=7', ''],
  [
    'permessage-deflate; unheard_of, permessage-deflate; server_no_context_takeover',
    'server_no_context_takeover',
  ],
])('of the offers %j those that cannot be accepted are passed over', async (offers, agreed) => {
  const { port } = await runSandbox()
  const line = 'GET /lab/deflate HTTP/1.1'
  const client = new TcpClient(port).write(handshake(port, { line, 'Sec-WebSocket-Extensions': offers }))
  await client.until('\r\n\r\n')
  expect(client.text).toMatch(/^HTTP\/1\.1 101 /)
  const [, answer = ''] = /^Sec-WebSocket-Extensions: permessage-deflate; (.*)$/m.exec(client.text) ?? []
  expect(answer.trim()).toBe(agreed)
  client.end()
})

test('messages before a frame that breaks a rule are inflated and answered before the connection fails', async () => {
  const { port } = await runSandbox()
  const client = openLab(port, undefined, { perMessageDeflate: true }, [], 'deflate')
  await once(client, 'open')
  const heard: string[] = []
  client.on('message', (data: Buffer) => heard.push(data.toString()))
  const socket = (client as unknown as { readonly _socket: { write(bytes: Uint8Array): void } })._socket
  const good = {
    opcode: 1,
    payload: deflateMessage(Buffer.from('good')),
    rsv1: true,
    maskingKey: KEY,
  } as const
  const bad = { opcode: 1, payload: Buffer.from('bad'), lengthForm: 16, maskingKey: KEY } as const
  socket.write(Buffer.concat([encodeFrame(good), encodeFrame(good), encodeFrame(bad)]))
  expect((await once(client, 'close'))[0]).toBe(1002)
  expect(heard).toEqual(['good', 'good'])
})
