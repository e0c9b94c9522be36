import { damaged } from './recording-error.ts'

/** ISO 8601 in UTC to the microsecond, of whole microseconds since 1970. Who knows only milliseconds reads those. */
export function isoMicros(micros: number): string {
  const fraction = String(micros % 1000).padStart(3, '0')
  return new Date(Math.floor(micros / 1000)).toISOString().replace('Z', `${fraction}Z`)
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/

/**
 * Whole microseconds since 1970 of an ISO 8601 time, in UTC when it names no zone. `Date` reads no further than
 * milliseconds.
 * @throws RecordingError when it is no time
 */
export function microsOfIso(iso: string, where: string): number {
  const [, day = '', time = '', digits = '', zone = 'Z'] = ISO.exec(iso) ?? []
  const seconds = Date.parse(`${day}T${time}${wholeZone(zone)}`) / 1000
  // The thirtieth of February is a day in March to some engines, and none to others.
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
  if (Number.isNaN(seconds) || !isDay) throw damaged(where, `no time: ${iso}`)
  return seconds * 1e6 + Number(digits.slice(0, 6).padEnd(6, '0'))
}

/** `Date` wants `+09:00` where ISO 8601 allows `+09` and `+0900` too. */
function wholeZone(zone: string): string {
  return zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours: string, minutes = '00') => `${hours}:${minutes}`)
}
