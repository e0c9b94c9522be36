// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, codeOf, sentenceFor } from './failure.mjs'

/**
 * @param {string} path
 * @returns {any} what the file says; its shape is the caller's business
 */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/**
 * The project's folder for what can be made again, checked to be writable.
 * @param {string} root
 * @throws {Failure} when nothing can be written there
 */
export function cacheFolder(root) {
  const folder = join(root, '.cache')
  const probe = join(folder, `probe-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(probe, 'x')
    rmSync(probe)
  } catch (error) {
    const sentence = sentenceFor(codeOf(error), 'Nothing can be prepared', root)
    if (sentence === undefined) throw error
    throw new Failure(sentence)
  }
  return folder
}
