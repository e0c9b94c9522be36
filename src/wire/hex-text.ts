/**
 * Bytes typed as hexadecimal digits, with or without spaces between them.
 * Returns undefined when something else is in it or a digit is left over.
 */
export function bytesFromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  const digits = text.replaceAll(/\s/g, '')
  if (digits.length % 2 === 1 || /[^0-9a-f]/i.test(digits)) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  )
}
