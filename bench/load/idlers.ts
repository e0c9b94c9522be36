import { OPCODES } from '#protocol/opcodes.ts'
import { frameOf, gone, LightClient } from './light-client.ts'

/** Handshakes at once. */
const AT_ONCE = 100
/** For the answers of all. */
const ANSWERS_MS = 20_000

const QUESTION = frameOf(OPCODES.text, Buffer.from('still there?'))

/** Connections that are open and say nothing. */
export class Idlers {
  readonly #clients: LightClient[] = []

  static async open(port: number, path: string, count: number): Promise<Idlers> {
    const idlers = new Idlers()
    while (idlers.#clients.length < count) {
      const more = Math.min(AT_ONCE, count - idlers.#clients.length)
      idlers.#clients.push(
        ...(await Promise.all(Array.from({ length: more }, () => LightClient.open(port, path)))),
      )
    }
    return idlers
  }

  /** How many of them answer, when each is spoken to. */
  async answering(): Promise<number> {
    const answers = this.#clients.map(
      client =>
        new Promise<number>(resolve => {
          client.onMessage = () => resolve(1)
          client.socket.once('close', () => resolve(0))
          if (client.socket.destroyed) resolve(0)
          else client.socket.write(QUESTION)
          setTimeout(resolve, ANSWERS_MS, 0).unref()
        }),
    )
    return (await Promise.all(answers)).reduce((sum, answer) => sum + answer, 0)
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.map(({ socket }) => gone(socket.destroy())))
  }
}
