/** Numbers as the inspector writes them. Times come in microseconds, as the tap counts them. */

import { grouped } from '../wire/grouped.ts'

/** `1,234바이트`. */
export function byteCount(bytes: number): string {
  return `${grouped(bytes)}바이트`
}

/** A point in time, milliseconds with two digits; from 100 s on seconds with three. */
export function timeAt(micros: number): string {
  return micros < 100_000_000 ? (micros / 1000).toFixed(2) : `${(micros / 1_000_000).toFixed(3)} s`
}

/** How long something took, in the unit that suits it: `340 µs`, `1.24 ms`, `2.31 s`. */
export function duration(micros: number): string {
  const size = Math.abs(micros)
  if (size < 1_000) return `${Math.round(micros)} µs`
  return size < 1_000_000 ? `${(micros / 1000).toFixed(2)} ms` : `${(micros / 1_000_000).toFixed(2)} s`
}

/** Bytes in the unit that suits them: `640 B`, `12.5 KiB`, `3.1 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / (1024 * 1024)).toFixed(1)} MiB`
}

/** A share as a percentage; more digits where it is small or nearly all. */
export function percent(share: number): string {
  const digits = share > 0.99 || share < 0.1 ? 1 : 0
  return `${(share * 100).toFixed(digits)}%`
}
