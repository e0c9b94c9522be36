import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importFile } from '#recording/import-file.ts'
import { readRecordingFile } from '../../src/content/recording-files.ts'
import { builtSite } from '../support/built-site.ts'
import { speaksTls } from '../../src/wire/tls-records.ts'

const site = await builtSite()
const folder = join(site, 'recordings')
const read = (file: string) => importFile(readFileSync(join(folder, file)), file)
const names = globSync('*.pcapng', { cwd: folder }).map(file => file.replace(/\.pcapng$/, ''))

test('every recording can be taken away', () => {
  expect(names.toSorted()).toEqual(
    globSync('*.json', { cwd: new URL('../../src/content/recordings/', import.meta.url).pathname })
      .map(file => file.replace(/\.json$/, ''))
      .toSorted(),
  )
})

describe.each(names)('%s', name => {
  test('is the same recording in its own format and as pcapng', () => {
    const { connections } = readRecordingFile(name)
    for (const ending of ['json', 'pcapng']) {
      const taken = read(`${name}.${ending}`)
      expect(taken.connections.map(({ chunks }) => chunks)).toEqual(connections.map(({ chunks }) => chunks))
    }
  })

  test('can be read as HAR and as a hex dump', () => {
    const { connections } = readRecordingFile(name)
    // An archive of HTTP has no place for what nobody could read as HTTP.
    const readable = connections.filter(({ chunks }) => !speaksTls(chunks))
    expect(read(`${name}.har`).connections).toHaveLength(readable.length)
    expect(read(`${name}.txt`).connections).toHaveLength(connections.length)
  })
})
