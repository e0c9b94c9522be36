import type { RandomBytes } from '../../inspector/sources/player.ts'

/** Bytes of a room's name, two characters each. */
const NAME_BYTES = 12

/** Name of a room that nobody guesses, for labs of the sandbox in which several meet. */
export function roomName(random: RandomBytes): string {
  return Array.from(random(NAME_BYTES), byte => byte.toString(36).padStart(2, '0')).join('')
}
