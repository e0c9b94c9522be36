import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** What crosses one port of the loopback interface, as dumpcap sees it. */
export class LiveCapture {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #parts: Buffer[] = []

  constructor(port: string) {
    const args = ['-q', '-i', 'lo', '-B', '64', '-f', `tcp port ${port}`, '-w', '-']
    this.#child = spawn('dumpcap', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child.stdout.on('data', (part: Buffer) => this.#parts.push(part))
    this.#child.stderr.resume()
  }

  /** Resolves when a text has been captured, which is sent as often as it takes. */
  async reach(text: string, send: () => Promise<unknown>): Promise<void> {
    do await send()
    while (!(await this.#hasNow(text)))
  }

  /** Whether the text is there, now or after what comes next. */
  async #hasNow(text: string): Promise<boolean> {
    const has = () => Buffer.concat(this.#parts).includes(text)
    if (!has()) await Promise.race([once(this.#child.stdout, 'data'), once(this.#child, 'exit')])
    return has()
  }

  async stop(): Promise<Uint8Array> {
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGINT')
    await closed
    return Buffer.concat(this.#parts)
  }
}
