import type { RaceRecord } from './race-record.ts'

const files = import.meta.glob<RaceRecord>('./races/*.json', { eager: true, import: 'default' })
const races = new Map(Object.entries(files).map(([path, race]) => [path.replace(/^.*\/|\.json$/g, ''), race]))

/** A recorded race by name, for pages. @throws Error when there is none */
export function recordedRace(name: string): RaceRecord {
  const race = races.get(name)
  if (race === undefined) throw new Error(`there is no race "${name}" in src/content/races`)
  return race
}
