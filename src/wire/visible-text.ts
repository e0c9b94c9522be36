/**
 * What a line of text would obey instead of show: controls, marks of direction and other format characters, separators
 * of lines, halves of surrogate pairs. Joiners stay, which scripts and emoji are written with.
 */
const OBEYED = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Foreign text fit for one line: everything in it is seen, and none of it turns or breaks the line. */
export function visibleText(text: string): string {
  return text.replaceAll(OBEYED, character => {
    const codePoint = character.codePointAt(0) ?? 0
    return controlPicture(codePoint) ?? `⟨${codePointName(codePoint)}⟩`
  })
}

/** Letters written from right to left, and the rest of their blocks. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** As `visibleText`, in quotation marks, and in isolation where its direction would take what is around it along. */
export function quotedText(text: string): string {
  const shown = visibleText(text)
  return RIGHT_TO_LEFT.test(shown) ? `“\u2068${shown}\u2069”` : `“${shown}”`
}

/** The picture that Unicode has for a control character of ASCII. */
export function controlPicture(codePoint: number): string | undefined {
  if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint)
  return codePoint === 0x7f ? '␡' : undefined
}

/** `U+202E` */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}
