const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Standard base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let digit = 0; digit < 4; digit++)
      text += digit <= left ? ALPHABET.charAt((word >> (18 - 6 * digit)) & 63) : '='
  }
  return text
}

/**
 * How many bytes a base64 text stands for; `undefined` when it is not padded standard base64. Spare bits of the last
 * digit may be anything: a decoder may refuse them (RFC 4648 §3.5), and RFC 6455 §4.1 itself gives a key with some,
 * which ends in `PEC==`.
 */
export function base64Length(text: string): number | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(text)) return undefined
  return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)
}
