/** Ways to write the same frames, and which connection of the lab's recording shows each. */
export const WAYS = {
  bytes: { label: '한 바이트씩', recorded: 0 },
  together: { label: '프레임 모두를 한 번에', recorded: 1 },
  head: { label: '첫 헤더의 가운데에서 잘라 두 번에', recorded: 2 },
  frames: { label: '프레임마다 한 번', recorded: 3 },
} as const
export type Way = keyof typeof WAYS
export const isWay = (name: string): name is Way => Object.hasOwn(WAYS, name)

/** Which connection of the recording shows bytes that are written without a pause. */
export const HASTY = 4

/** Most frames that are written at once, and bytes of them all: a byte at a time makes as many commands. */
export const MOST_FRAMES = 12
export const MOST_BYTES = 200

/** Milliseconds in which a frame has to be written: the sandbox waits for ten seconds. */
export const FRAME_MS = 9_000

/** The bytes of frames as they are to be written, one array a write. */
export function writesOf(frames: readonly Uint8Array[], way: Way): Uint8Array[] {
  if (way === 'frames') return [...frames]
  const bytes = Uint8Array.from(frames.flatMap(frame => [...frame]))
  if (way === 'bytes') return Array.from(bytes, byte => Uint8Array.of(byte))
  return way === 'head' && bytes.length > 1 ? [bytes.subarray(0, 1), bytes.subarray(1)] : [bytes]
}
