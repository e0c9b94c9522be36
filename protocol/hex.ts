/** A byte as two lower-case hexadecimal digits. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Bytes as two lower-case hexadecimal digits each, one space between them. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join(' ')
}

/** As `hexOf`, of so many bytes at most; an ellipsis stands for the rest. */
export function hexStart(bytes: Uint8Array, most: number): string {
  return hexOf(bytes.subarray(0, most)) + (bytes.length > most ? ' …' : '')
}
