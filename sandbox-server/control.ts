import type { IncomingHttpHeaders } from 'node:http'
import type { RawData, WebSocket } from 'ws'
import { MAX_COMMAND_BYTES, parseCommand, type Command } from '#contract/commands.ts'
import type { BusState, ErrorCode } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import { MAX_WRITE_BYTES, WRITE_HEAD_BYTES } from '#contract/write.ts'
import type { Bus } from './bus/bus.ts'
import type { PlayedEnd } from './played-end.ts'
import type { Race } from './race/race.ts'
import { readerHeaders, type Races } from './race/races.ts'
import type { Session } from './sessions.ts'

/** Close code for a page built with another version of the contract. */
export const UNSUPPORTED_VERSION_CLOSE = 4000

/** What a page can do about a refusal. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  'too-many-connections': 'close a connection, or let an unused ticket expire',
  'too-many-races': 'wait until the race before is over',
  'dial-failed': 'the sandbox could not connect to itself: try again',
}

/** What a page's commands may reach. */
interface Served {
  readonly isLab: (name: string) => boolean
  readonly races: Races
  readonly bus: Bus
  /** Of the request for the control channel, as the reader's browser sent them. */
  readonly headers: IncomingHttpHeaders
}

/** Milliseconds between two tallies of a race. */
const TALLY_MS = 400

/** Answers a page's commands for as long as its control channel is open. */
export function serveControl(
  control: WebSocket,
  session: Session,
  { isLab, races, bus, headers }: Served,
): void {
  let greeted = false
  /** The one that is being run for this page. */
  let racing: Race | undefined
  let stopFollowing: (() => void) | undefined

  const fail = (code: ErrorCode, message: string, more: { field?: string; request?: number } = {}) =>
    session.tell({ type: 'error', code, message, ...more })

  control.on('message', (data, isBinary) => {
    const bytes = bytesOf(data)
    const most = isBinary ? WRITE_HEAD_BYTES + MAX_WRITE_BYTES : MAX_COMMAND_BYTES
    if (bytes.length > most) {
      const kind = isBinary ? 'binary commands' : 'commands'
      fail('command-too-long', `${kind} have at most ${most} bytes, not ${bytes.length}`, { field: '' })
      return
    }
    const command = parseCommand(isBinary ? bytes : bytes.toString())
    if ('fault' in command) fail('malformed-command', command.fault.message, { field: command.fault.field })
    else obey(command)
  })
  control.on('close', () => {
    stopFollowing?.()
    racing?.stop()
    session.end()
  })

  function obey(command: Command): void {
    if (command.type === 'hello') {
      greet(command.version)
      return
    }
    const { request } = command
    if (!greeted) {
      fail('hello-expected', 'the first command is hello', { field: 'type', request })
      return
    }
    switch (command.type) {
      case 'ticket':
        ticket(command)
        return
      case 'heartbeat':
        session.tell({ type: 'heartbeat', request, now: session.now() })
        return
      case 'dial':
        void dial(request)
        return
      case 'overhear':
        void overhear(command)
        return
      case 'race':
        race(command)
        return
      case 'write':
        played(command)?.write(command.bytes)
        return
      case 'end':
        played(command)?.end(command.how)
    }
  }

  function played({ connection, request }: { connection: number; request: number }): PlayedEnd | undefined {
    const end = session.played(connection)
    if (!end)
      fail('unknown-connection', `this page plays no end of a connection ${connection} that is open`, {
        field: 'connection',
        request,
      })
    return end
  }

  async function dial(request: number): Promise<void> {
    const dialled = await session.dial()
    if (typeof dialled === 'string') fail(dialled, ADVICE[dialled] ?? '', { request })
    else session.tell({ type: 'dialled', request, ...dialled })
  }

  async function overhear({
    request,
    ...conversation
  }: Extract<Command, { type: 'overhear' }>): Promise<void> {
    const overheard = await session.overhear(conversation)
    if (typeof overheard === 'string') {
      fail(overheard, ADVICE[overheard] ?? '', { request })
      return
    }
    session.tell({ type: 'overhearing', request, connection: overheard.connection })
    await overheard.talk()
  }

  function race(command: Extract<Command, { type: 'race' }>): void {
    const { request } = command
    const tell = () => {
      for (const tally of racing?.tallies() ?? []) session.tell({ type: 'tally', request, ...tally })
    }
    const timer = setInterval(tell, TALLY_MS)
    const over = () => {
      clearInterval(timer)
      tell()
      session.tell({ type: 'race-over', request })
      racing = undefined
    }
    const begun = racing === undefined ? races.begin(command, readerHeaders(headers), over) : undefined
    if (begun) racing = begun
    else {
      clearInterval(timer)
      fail('too-many-races', ADVICE['too-many-races'] ?? '', { request })
    }
  }

  function greet(version: number): void {
    if (version !== CONTRACT_VERSION) {
      fail('unsupported-version', `the sandbox speaks version ${CONTRACT_VERSION}, not ${version}`, {
        field: 'version',
      })
      control.close(UNSUPPORTED_VERSION_CLOSE, 'unsupported contract version')
      return
    }
    greeted = true
    session.tell({ type: 'welcome', version: CONTRACT_VERSION, now: session.now() })
    followBus()
  }

  /** Tells the page whether the other instances can be reached, if there are any. */
  function followBus(): void {
    let told: BusState = 'local'
    const tell = () => {
      if (bus.state === told) return
      told = bus.state
      session.tell({ type: 'bus', state: told })
    }
    stopFollowing?.()
    stopFollowing = bus.onChange(tell)
    tell()
  }

  function ticket({ lab, request, through }: Extract<Command, { type: 'ticket' }>): void {
    if (!isLab(lab)) {
      fail('unknown-lab', `there is no lab ${lab}`, { field: 'lab', request })
      return
    }
    const issued = session.issue(lab, through)
    if (typeof issued === 'string') fail(issued, ADVICE[issued] ?? '', { request })
    else session.tell({ type: 'ticket', request, ...issued })
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
