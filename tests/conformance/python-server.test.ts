import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { codeOf, PYTHON, runPython, servePython } from '../support/python-lesson.ts'

interface Client {
  readonly socket: WebSocket
  readonly heard: string[]
  /** Resolves when so many messages have been heard. */
  heardSo(count: number): Promise<void>
}

async function join(port: number): Promise<Client> {
  // What is compressed fills no buffer.
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  onTestFinished(() => socket.terminate())
  const heard: string[] = []
  socket.on('message', data => heard.push((data as Buffer).toString()))
  await once(socket, 'open')
  const heardSo = async (count: number) => {
    while (heard.length < count) await once(socket, 'message')
  }
  return { socket, heard, heardSo }
}

/** The server has answered everything that this client sent before: pings stand in line. */
async function answered({ socket }: Client): Promise<void> {
  socket.ping()
  await once(socket, 'pong')
}

describe.skipIf(PYTHON === '')('the server of the notes, on Debian’s websockets', () => {
  test('starts, tells the others, and leaves out who speaks', async () => {
    const port = await servePython('lecture_server.py')
    const [speaker, other] = [await join(port), await join(port)]
    speaker.socket.send('안녕하세요')
    await other.heardSo(1)
    await answered(speaker)
    expect(other.heard).toEqual(['서버 응답: 안녕하세요'])
    expect(speaker.heard).toEqual([])
  })

  test('says nothing to a client that is alone', async () => {
    const alone = await join(await servePython('lecture_server.py'))
    alone.socket.send('안녕하세요')
    await answered(alone)
    await answered(alone)
    expect(alone.heard).toEqual([])
  })

  test('stops in its loop for one who does not read, and fails when somebody comes meanwhile', async () => {
    const port = await servePython('lecture_server.py')
    const slow = await join(port)
    const speaker = await join(port)
    slow.socket.pause()
    const closed = once(speaker.socket, 'close')
    // More than all buffers between the two hold.
    const large = 'x'.repeat(900_000)
    for (let count = 0; count < 30; count++) speaker.socket.send(large)
    // Its handler waits for the slow one, so whatever it was told is not read any more: a ping is.
    await answered(speaker)
    await join(port)
    slow.socket.resume()
    const [code] = (await closed) as [number]
    expect(code).toBe(1011)
  })
})

describe.skipIf(PYTHON === '')('the mended server', () => {
  test('tells all of them, who speaks too', async () => {
    const port = await servePython('server.py')
    const [speaker, other] = [await join(port), await join(port)]
    speaker.socket.send('안녕하세요')
    await Promise.all([speaker.heardSo(1), other.heardSo(1)])
    expect([speaker.heard, other.heard]).toEqual([['서버 응답: 안녕하세요'], ['서버 응답: 안녕하세요']])
  })

  test('waits for nobody: with one who does not read the others hear all of it', async () => {
    const port = await servePython('server.py')
    const slow = await join(port)
    const [speaker, other] = [await join(port), await join(port)]
    slow.socket.pause()
    const large = 'x'.repeat(900_000)
    for (let count = 0; count < 30; count++) speaker.socket.send(large)
    await other.heardSo(30)
    const late = await join(port)
    speaker.socket.send('끝')
    await Promise.all([late.heardSo(1), speaker.heardSo(31)])
    expect(late.heard).toEqual(['서버 응답: 끝'])
    expect(speaker.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('forgets one who goes away without a word', async () => {
    const port = await servePython('server.py')
    const gone = await join(port)
    const stays = await join(port)
    gone.socket.terminate()
    await once(gone.socket, 'close')
    stays.socket.send('누가 있습니까')
    await stays.heardSo(1)
    expect(stays.heard).toEqual(['서버 응답: 누가 있습니까'])
  })

  test('answers the client of the lesson', async () => {
    const port = await servePython('server.py')
    const client = runPython(codeOf('client.py').replace('localhost', '127.0.0.1'), port)
    let printed = ''
    client.stdout?.on('data', (part: Buffer) => (printed += part.toString()))
    const [code] = (await once(client, 'close')) as [number]
    expect([code, printed]).toEqual([0, '서버로부터 받은 메시지: 서버 응답: 안녕하세요\n'])
  })
})
