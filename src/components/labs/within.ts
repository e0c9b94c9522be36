/** What a field for whole numbers says, from `least` to `most`; nothing, and zero too, counts as `usual`. */
export function within(value: number, least: number, most: number, usual = least): number {
  return Math.min(Math.max(Math.round(value) || usual, least), most)
}
