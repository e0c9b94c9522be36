import type { MissionId } from './missions.ts'

const KEY_PREFIX = 'wsa:mission:'

/** Which missions this reader passed; kept in the browser, or for the page only where storage is refused. */
function createMissionProgress() {
  const here = new Set<string>()
  /** Private windows may throw on any touch of storage. */
  const stored = <T>(act: (storage: Storage) => T): T | undefined => {
    try {
      return act(localStorage)
    } catch {
      return undefined
    }
  }
  return {
    isPassed: (id: MissionId): boolean =>
      here.has(id) || stored(storage => storage.getItem(KEY_PREFIX + id)) === 'passed',
    pass(id: MissionId): void {
      here.add(id)
      stored(storage => storage.setItem(KEY_PREFIX + id, 'passed'))
    },
    forget(id: MissionId): void {
      here.delete(id)
      stored(storage => storage.removeItem(KEY_PREFIX + id))
    },
  }
}

export const missionProgress = createMissionProgress()
