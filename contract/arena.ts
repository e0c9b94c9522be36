/** Side of the square that a game of the lab `arena` is played on, in its own units. */
export const ARENA_SIDE = 1000
/** Milliseconds between two snapshots of a game, and units that a player moves in one. */
export const ARENA_TICK_MS = 50
export const ARENA_STEP = 15
/** Players of a game. */
export const ARENA_MOST = 8

/** Where a player is. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** A moment of a game, as the server has it. */
export interface Snapshot {
  readonly tick: number
  /** By the number of the player. */
  readonly players: ReadonlyMap<number, Place>
}

/** Which way a player goes: each −1, 0 or 1. */
export interface Heading {
  readonly dx: number
  readonly dy: number
}

const SNAPSHOT_HEAD = 5
const PLAYER = 5

/** A snapshot as it crosses: tick (4 bytes), whose it is (1), then number (1), x (2) and y (2) of each player, big-endian. */
export function encodeSnapshot({ tick, players }: Snapshot, you: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SNAPSHOT_HEAD + PLAYER * players.size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, tick)
  view.setUint8(4, you)
  let at = SNAPSHOT_HEAD
  for (const [number, { x, y }] of players) {
    view.setUint8(at, number)
    view.setUint16(at + 1, x)
    view.setUint16(at + 3, y)
    at += PLAYER
  }
  return bytes
}

/** The inverse; undefined for bytes that are no snapshot. */
export function decodeSnapshot(bytes: Uint8Array): (Snapshot & { readonly you: number }) | undefined {
  if (bytes.length < SNAPSHOT_HEAD || (bytes.length - SNAPSHOT_HEAD) % PLAYER !== 0) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const players = new Map<number, Place>()
  for (let at = SNAPSHOT_HEAD; at < bytes.length; at += PLAYER)
    players.set(view.getUint8(at), { x: view.getUint16(at + 1), y: view.getUint16(at + 3) })
  return { tick: view.getUint32(0), you: view.getUint8(4), players }
}

/** A heading as it crosses: dx and dy, one byte each, signed. */
export function encodeHeading({ dx, dy }: Heading): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(dx & 0xff, dy & 0xff)
}

/** The inverse; undefined for bytes that are no heading. */
export function decodeHeading(bytes: Uint8Array): Heading | undefined {
  if (bytes.length !== 2) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const heading = { dx: view.getInt8(0), dy: view.getInt8(1) }
  return Math.abs(heading.dx) <= 1 && Math.abs(heading.dy) <= 1 ? heading : undefined
}
