/** A process that loads servers as it is told over the IPC channel; `generator-process.ts` is its other end. */
import { setPriority } from 'node:os'
import { repeat } from './attacks.ts'
import { FAULTS } from './faults.ts'
import type { Asked, Told, Work } from './generator-process.ts'
import { Idlers } from './idlers.ts'
import { Readers } from './readers.ts'

/** Those that attack have no more of the processor than readers leave: on a server of its own they would take none of it. */
const LOWEST = 19

let idlers: Idlers | undefined
let readers: Readers | undefined

const WORK: Work = {
  async idle({ port, path, count }) {
    idlers = await Idlers.open(port, path, count)
  },
  answering: async () => idlers?.answering() ?? 0,
  async read(setting) {
    readers = await Readers.open(setting)
    readers.start()
  },
  waits() {
    if (!readers) throw new Error('nobody reads')
    return Promise.resolve(readers.waits())
  },
  async stop() {
    await readers?.stop()
  },
  async leave() {
    await readers?.leave()
    await idlers?.leave()
  },
  async attack({ port, name, seconds, perSecond }) {
    const fault = FAULTS.find(each => each.name === name)
    if (!fault) throw new Error(`no fault "${name}"`)
    setPriority(LOWEST)
    return repeat(perSecond, seconds, number => fault.act(port, number))
  },
}

process.on('message', (asked: Asked) => {
  const done = (told: Told) => process.send?.(told)
  // What is asked and what is given with it fit together on the other end.
  const work = WORK[asked.name] as (argument: unknown) => Promise<unknown>
  work(asked.argument).then(
    value => done({ value }),
    (error: unknown) =>
      done({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
