/** Bytes as a string of code points 0–255, one per byte: how HTTP heads are read without losing anything. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  for (let i = start; i < end; i += 4096)
    text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 4096, end)))
  return text
}
