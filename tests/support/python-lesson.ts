import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { pythonWithWebsockets } from '../../scripts/launch/python-websockets.mjs'
import { freePort } from './free-port.ts'

/** A Python with websockets; empty when there is none, and then what needs it is skipped. */
export const PYTHON = pythonWithWebsockets(process.env) ?? ''
const LESSON = new URL('../../src/content/lessons/05-building/01-python-server.mdx', import.meta.url)
/** The port of the lesson's code; tests take another that is free. */
const LESSON_PORT = '8080'

/** The code of a block of the lesson, as readers copy it. */
export function codeOf(title: string): string {
  const lesson = readFileSync(LESSON, 'utf8')
  const [, code] = new RegExp(`^\`\`\`py title="${title}".*\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(lesson) ?? []
  if (code === undefined) throw new Error(`the lesson has no code called ${title}`)
  return code
}

/** Runs code of the lesson with another port. */
export function runPython(code: string, port: number): ChildProcess {
  const source = code.replaceAll(LESSON_PORT, String(port)).replaceAll('"localhost"', '"127.0.0.1"')
  const child = spawn(PYTHON, ['-W', 'ignore', '-c', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Starts the server of the lesson that is called so, and gives its port. */
export async function servePython(title: string): Promise<number> {
  const port = await freePort()
  const child = runPython(codeOf(title), port)
  let errors = ''
  child.stderr?.on('data', (part: Buffer) => (errors += part.toString()))
  for (;;) {
    if (child.exitCode !== null) throw new Error(errors)
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    const opened = await new Promise<boolean>(resolve => {
      socket.on('open', () => resolve(true))
      socket.on('error', () => resolve(false))
    })
    socket.close()
    if (opened) return port
  }
}
