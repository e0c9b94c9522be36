import { beforeEach, expect, test } from 'vitest'
import { Pins } from '../../../src/offline/pins.ts'

/** As much of the browser's caches as pins need. */
class FakeCaches {
  readonly entries = new Map<string, string>()

  open(): Promise<unknown> {
    const { entries } = this
    return Promise.resolve({
      put: async (key: string, response: Response) => entries.set(key, await response.text()),
      match: (key: string | Request) => {
        const found = entries.get(typeof key === 'string' ? key : new URL(key.url).pathname)
        return Promise.resolve(found === undefined ? undefined : new Response(found))
      },
      keys: () =>
        Promise.resolve([...entries.keys()].map(key => new Request(`https://course.example${key}`))),
      delete: (request: Request) => Promise.resolve(entries.delete(new URL(request.url).pathname)),
    })
  }
}

let caches: FakeCaches
let now = 0
/** Pins as a worker has them that has just been started. */
const started = (): Pins => new Pins('pins', caches as unknown as CacheStorage, () => now)

beforeEach(() => {
  caches = new FakeCaches()
  now = 1_000_000
})

test('a page stays with its build when the worker is stopped and another one answers', async () => {
  await started().set('page/1', 'older')
  expect(await started().get('page/1')).toBe('older')
  expect(await started().get('page/2')).toBeUndefined()
})

test('builds of open pages are kept, those of pages that are gone are not', async () => {
  const pins = started()
  await pins.set('open', 'older')
  await pins.set('gone', 'oldest')
  now += 120_000
  expect(await pins.prune(new Set(['open']))).toEqual(new Set(['older']))
  expect(await pins.get('gone')).toBeUndefined()
  expect(await pins.get('open')).toBe('older')
})

test('a page that is only just being opened counts as open', async () => {
  const pins = started()
  await pins.set('opening', 'older')
  now += 1_000
  expect(await pins.prune(new Set())).toEqual(new Set(['older']))
})
