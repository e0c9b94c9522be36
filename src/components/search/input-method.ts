/** True for a key that an input method takes: while it composes, Enter ends a syllable and arrows move in it. */
export function isOfInputMethod(event: KeyboardEvent): boolean {
  // Safari tells of the Enter that ends a composition only afterwards, and only by this code.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return event.isComposing || event.keyCode === 229
}
