import { readFileSync } from 'node:fs'
import type { RaceRecord } from './race-record.ts'
import { RecordedError } from './recorded.ts'

/**
 * Reads a recorded race by name, for the check of lessons; pages have them from `races.ts`.
 * @throws RecordedError when there is none of that name
 */
export function readRaceFile(name: string): RaceRecord {
  try {
    const file = new URL(`./races/${encodeURIComponent(name)}.json`, import.meta.url)
    return JSON.parse(readFileSync(file, 'utf8')) as RaceRecord
  } catch {
    throw new RecordedError(`there is no race "${name}" in src/content/races`)
  }
}
