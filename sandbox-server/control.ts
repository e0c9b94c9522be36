import type { RawData, WebSocket } from 'ws'
import { MAX_COMMAND_BYTES, parseCommand, type Command } from '#contract/commands.ts'
import type { ErrorCode } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import type { Session } from './sessions.ts'

/** Close code for a page built with another version of the contract. */
export const UNSUPPORTED_VERSION_CLOSE = 4000

/** Answers a page's commands for as long as its control channel is open. */
export function serveControl(control: WebSocket, session: Session, isLab: (name: string) => boolean): void {
  let greeted = false

  const fail = (code: ErrorCode, message: string, more: { field?: string; request?: number } = {}) =>
    session.tell({ type: 'error', code, message, ...more })

  control.on('message', (data, isBinary) => {
    const bytes = bytesOf(data)
    if (isBinary) fail('malformed-command', 'commands are text messages', { field: '' })
    else if (bytes.length > MAX_COMMAND_BYTES)
      fail('command-too-long', `commands have at most ${MAX_COMMAND_BYTES} bytes, not ${bytes.length}`, {
        field: '',
      })
    else {
      const command = parseCommand(bytes.toString())
      if ('fault' in command) fail('malformed-command', command.fault.message, { field: command.fault.field })
      else obey(command)
    }
  })
  control.on('close', () => session.end())

  function obey(command: Command): void {
    if (command.type === 'hello') greet(command.version)
    else if (!greeted)
      fail('hello-expected', 'the first command is hello', { field: 'type', request: command.request })
    else if (command.type === 'ticket') ticket(command.lab, command.request)
    else session.tell({ type: 'heartbeat', request: command.request, now: session.now() })
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
  }

  function ticket(lab: string, request: number): void {
    if (!isLab(lab)) {
      fail('unknown-lab', `there is no lab ${lab}`, { field: 'lab', request })
      return
    }
    const issued = session.issue(lab)
    if (typeof issued === 'string')
      fail(issued, 'close a connection, or let an unused ticket expire', { request })
    else session.tell({ type: 'ticket', request, ...issued })
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
