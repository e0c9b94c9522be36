/** Largest file that is read, in bytes: 128 MiB, which holds whatever a page keeps of a session. */
export const MAX_FILE_BYTES = 128 * 1024 * 1024

/** Most objects and lists in a JSON file. */
export const MAX_JSON_OBJECTS = 2_000_000

/** Most connections in one recording; as many have a client port of their own when they are written as a capture. */
export const MAX_CONNECTIONS = 10_000

/** Most chunks in one recording, all connections together; in a capture, most TCP segments that carry something. */
export const MAX_CHUNKS = 500_000

/** Most TCP connections in a capture, WebSocket or not, before it is to be filtered first. */
export const MAX_CAPTURED_CONNECTIONS = 20_000

/** Longest title, name, label or detail, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 65_536

/** Latest time in a recording, in microseconds since its beginning: about three years. */
export const MAX_TIME_US = 1e14

/** Years in which a recording can have been made; microseconds since 1970 stay exact in a number up to 2255. */
export const RECORDED_YEARS = [1970, 2199] as const
