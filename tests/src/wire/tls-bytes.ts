const utf8 = (text: string) => new TextEncoder().encode(text)
const number = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => (value >> (8 * (bytes - 1 - index))) & 0xff)

/** A record of TLS (RFC 8446 §5.1). */
export function record(type: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([type, 3, 3, ...number(content.length, 2), ...content])
}

/** A ClientHello (RFC 8446 §4.1.2) that asks for a host, or names none. */
export function clientHello(host?: string): Uint8Array<ArrayBuffer> {
  const name = host === undefined ? [] : [...utf8(host)]
  const serverName =
    host === undefined
      ? []
      : [
          ...number(0, 2),
          ...number(name.length + 5, 2),
          ...number(name.length + 3, 2),
          0,
          ...number(name.length, 2),
          ...name,
        ]
  const versions = [...number(43, 2), ...number(3, 2), 2, 3, 4]
  const extensions = [...serverName, ...versions]
  const body = [
    ...[3, 3],
    ...new Uint8Array(32).fill(7),
    0,
    ...[0, 2, 0x13, 0x01],
    ...[1, 0],
    ...number(extensions.length, 2),
    ...extensions,
  ]
  return record(22, Uint8Array.from([1, ...number(body.length, 3), ...body]))
}
