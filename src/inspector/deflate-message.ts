/**
 * Compresses a message for permessage-deflate without a window of earlier messages. What the platform's stream ends
 * with is a block with BFINAL set; the empty octet after it makes a payload of it (RFC 7692 §7.2.3.4).
 */
export async function deflateMessage(payload: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([payload]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer())
  const message = new Uint8Array(compressed.length + 1)
  message.set(compressed)
  return message
}
