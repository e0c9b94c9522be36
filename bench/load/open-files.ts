import { readFileSync } from 'node:fs'

/** Those of Node itself, and of what is not counted here. */
const BESIDE = 200

/** Says, in one sentence, why this process or one of its children cannot have so many connections, if so. */
export function tooFewFiles(connections: number): string | undefined {
  // Node raises the soft limit to the hard one, so that is what it has.
  const allowed = Number(
    /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity,
  )
  const needed = connections + BESIDE
  return allowed >= needed
    ? undefined
    : `${connections} connections take ${needed} open files in a process, and ${allowed} are allowed here: raise that (ulimit -Hn ${needed}, or LimitNOFILE of a unit).`
}
