import { Worker } from 'node:worker_threads'
import type { PatternWorker } from '../../../src/inspector/pattern-tester.ts'

const SCRIPT = new URL('../../../src/inspector/pattern-worker.ts', import.meta.url)
/** What a worker's script finds in a browser. */
const BROWSER = `
  const { parentPort } = require('node:worker_threads')
  globalThis.addEventListener = (_, listener) => parentPort.on('message', data => listener({ data }))
  globalThis.postMessage = message => parentPort.postMessage(message)
`

/** The page's worker as a thread of Node. */
export function patternThread(script = SCRIPT.href): PatternWorker {
  const thread = new Worker(`${BROWSER}import(${JSON.stringify(script)})`, { eval: true })
  const worker: PatternWorker = {
    onmessage: null,
    onerror: null,
    postMessage: task => thread.postMessage(task),
    terminate: () => void thread.terminate(),
  }
  thread.on('message', (data: boolean[]) => worker.onmessage?.({ data } as MessageEvent<boolean[]>))
  thread.on('error', error => worker.onerror?.(error))
  return worker
}
