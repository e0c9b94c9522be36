// @ts-check
import { spawn } from 'node:child_process'
import { Interrupted } from './failure.mjs'

/** @type {NodeJS.Signals[]} */
const SIGNALS = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
// Who signals a whole group reaches us twice, once through npm: two within this time are one.
const SAME_SIGNAL_MS = 500
const PARENT_POLL_MS = 100

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
/** @type {NodeJS.Signals | undefined} */
let interruption
let lastSignalAt = -Infinity
const inTerminal = [process.stdin, process.stdout, process.stderr].some(stream => stream.isTTY)

/** From now on a signal ends what is running, and then this program. */
export function passSignalsOn() {
  for (const signal of SIGNALS) process.on(signal, passOn)
  if (process.env['npm_lifecycle_event'] !== undefined) endWithParent()
}

/** @param {NodeJS.Signals} signal */
function passOn(signal) {
  const now = performance.now()
  if (now - lastSignalAt < SAME_SIGNAL_MS) return
  lastSignalAt = now
  interruption = signal
  // Ctrl-C in a terminal has reached the child already, and a second one would end it without a farewell.
  if (signal === 'SIGINT' && inTerminal) return
  for (const child of running) child.kill(signal)
}

/** npm signals only the shell between itself and us; where that shell does not pass it on, its death must do. */
function endWithParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    passOn('SIGTERM')
  }, PARENT_POLL_MS)
  timer.unref()
}

/** @throws {Interrupted} when a signal has come */
export function stopIfInterrupted() {
  if (interruption !== undefined) throw new Interrupted(interruption)
}

/**
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {number} code exit code as a shell reports it
 * @property {string} output what it printed; empty when it was shown as it came
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {boolean} [options.quiet] keeps the output instead of showing it
 * @param {RegExp} [options.hopeless] ends the program as soon as a piece of its kept output matches
 * @returns {Promise<Outcome>}
 * @throws {Interrupted} when a signal came before it, or while it ran quietly
 */
export async function run(command, args, { cwd, env, quiet = false, hopeless }) {
  stopIfInterrupted()
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    windowsHide: true,
  })
  running.add(child)
  /** @type {Buffer[]} */
  const printed = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', bytes => {
      printed.push(bytes)
      if (hopeless?.test(bytes.toString('latin1')) === true) child.kill()
    })
  }
  /** @type {{ code: number | null, signal: NodeJS.Signals | null }} */
  const end = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal }))
  }).finally(() => running.delete(child))
  const code = end.code ?? 128 + signalNumber(end.signal)
  // What was shown has said its last word itself; of what was prepared nothing is ready.
  if (quiet) stopIfInterrupted()
  return { ok: code === 0, code, output: Buffer.concat(printed).toString('utf8') }
}

/** @param {NodeJS.Signals | null} signal */
export function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0
}
