/** The forms in an `is="…"`: `101 | 101 Switching Protocols` accepts either. */
export function formsOf(is: string): string[] {
  return is
    .split('|')
    .map(form => form.trim())
    .filter(form => form !== '')
}

/** What of a text counts when it is compared: composed Hangul, no white space, no case. */
export function normalForm(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, '').toLowerCase()
}

/**
 * The number someone wrote, or undefined when it is none: `1,024`, `12 바이트` with the unit asked for, `0x81`, in
 * full-width digits too.
 */
export function numberIn(text: string, unit = ''): number | undefined {
  const plain = normalForm(text.normalize('NFKC')).replaceAll(',', '')
  const end = normalForm(unit)
  const digits = end !== '' && plain.endsWith(end) ? plain.slice(0, -end.length) : plain
  return /^([-+]?\d+(\.\d+)?|0x[\da-f]+|0b[01]+)$/.test(digits) ? Number(digits) : undefined
}

/** Whether an answer is one of the forms. */
export function isOneOf(forms: readonly string[], answer: string, number: boolean, unit = ''): boolean {
  return forms.some(form =>
    number
      ? numberIn(form, unit) === numberIn(answer, unit) && numberIn(answer, unit) !== undefined
      : normalForm(form) === normalForm(answer),
  )
}
