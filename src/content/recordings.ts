/** Recordings by name: JSON as it stands in its file, read by `parseRecording`. */
const files = import.meta.glob<unknown>('./recordings/*.json', { eager: true, import: 'default' })

export const recordings: ReadonlyMap<string, unknown> = new Map(
  Object.entries(files).map(([path, json]) => [path.replace(/^.*\/|\.json$/g, ''), json]),
)
