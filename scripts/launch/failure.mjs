// @ts-check

/** Something the person at the keyboard can act on: printed as it stands, without a stack, before exit 1. */
export class Failure extends Error {}

/** The run was ended by a signal; nothing needs saying. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(signal)
    this.signal = signal
  }
}

const DISK = ['ENOSPC', 'EDQUOT']
const PERMISSION = ['EACCES', 'EPERM', 'EROFS']
const NETWORK = [
  'ENOTCACHED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ERR_SOCKET_TIMEOUT',
]

/**
 * Puts an error code of the system or of npm into a sentence, if it is one that a person can do something about.
 * @param {string | undefined} code such as `ENOSPC`
 * @param {string} what failed, the beginning of the sentence
 * @param {string} where the folder concerned
 * @returns {string | undefined}
 */
export function sentenceFor(code, what, where) {
  if (code === undefined) return undefined
  if (DISK.includes(code))
    return `${what}: the disk that holds ${where} is full (${code}). Free about 1 GB and run the same command again.`
  if (PERMISSION.includes(code))
    return `${what}: ${where} cannot be written to (${code}). Give yourself write permission there, or move the project to a folder of yours.`
  if (NETWORK.includes(code))
    return `${what}: the npm registry cannot be reached (${code}). Connect to the network, or check the proxy settings of npm, and run the same command again; once everything is installed no network is needed.`
  return undefined
}

/**
 * Why npm could not install, from what it printed: the code it gives itself, or one that a part of it met.
 * @param {string} output
 * @returns {string | undefined}
 */
export function npmCodeIn(output) {
  return (
    /^npm (?:error|ERR!) code (\w+)/m.exec(output)?.[1] ??
    firstOf([...DISK, ...PERMISSION, ...NETWORK], output)
  )
}

/**
 * What npm could not read or write, from what it printed.
 * @param {string} output
 * @returns {string | undefined}
 */
export function npmPathIn(output) {
  return /^npm (?:error|ERR!) path (.+)/m.exec(output)?.[1]
}

/**
 * As `sentenceFor`, about a place outside the project that npm keeps its own files in.
 * @param {string | undefined} code
 * @param {string} what
 * @param {string} path
 * @returns {string | undefined}
 */
export function sentenceForNpm(code, what, path) {
  if (code !== undefined && PERMISSION.includes(code))
    return `${what}: npm cannot write to ${path} (${code}). Give yourself write permission there, or name another folder for npm's cache in the variable npm_config_cache.`
  return sentenceFor(code, what, path)
}

/**
 * Why something could not be written, from what a program printed.
 * @param {string} output
 * @returns {string | undefined}
 */
export function diskCodeIn(output) {
  return firstOf([...DISK, ...PERMISSION], output)
}

/** @param {readonly string[]} codes @param {string} output */
function firstOf(codes, output) {
  return codes.find(code => new RegExp(`\\b${code}\\b`).test(output))
}

/**
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
