// @ts-check
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from './failure.mjs'
import { cacheFolder } from './files.mjs'
import { stopIfInterrupted } from './run.mjs'

const HEARTBEAT_MS = 2_000
const STALE_MS = 15_000
const POLL_MS = 200

/**
 * Runs `task` while no other process does so in this project. A lock left behind by a killed process is taken over.
 * @template T
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function alone(root, say, task) {
  const path = join(cacheFolder(root), 'launch.lock')
  let waiting = false
  while (!take(path)) {
    stopIfInterrupted()
    if (!waiting) say('Another command is preparing this folder; waiting for it…')
    waiting = true
    await sleep(POLL_MS)
  }
  const heartbeat = setInterval(() => utimesSync(path, new Date(), new Date()), HEARTBEAT_MS)
  try {
    return await task()
  } finally {
    clearInterval(heartbeat)
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  if (isHeld(path)) return false
  // Renaming is atomic: of several that found it stale one moves it away, and if that was already a fresh one, back.
  const aside = `${path}-${process.pid}`
  try {
    renameSync(path, aside)
    if (isHeld(aside)) linkSync(aside, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  }
  rmSync(aside, { force: true })
  return false
}

/** @param {string} path */
function isHeld(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    // Just created and not written to yet: young enough to be alive.
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return false
    return pid === 0 || isAlive(pid)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
