import { encodeClosePayload } from '#protocol/close-payload.ts'
import type { AnyFrameFields } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { BrowserSession } from '../../../inspector/sources/browser-session.ts'
import type { LiveSource } from '../../../inspector/sources/live-source.ts'
import type { Player } from '../../../inspector/sources/player.ts'
import { ServedSession } from '../../../inspector/sources/served-session.ts'
import { pageChannel } from '../../../sandbox/page-channel.ts'
import { randomBytes } from '../random-bytes.ts'
import { rawEcho } from '../raw-echo.ts'
import type { WayId } from './ways.ts'

/** What a Close says, as the reader wrote it; no code: no payload. */
export interface Saying {
  readonly code: number | undefined
  readonly reason: string
}

/** A connection that is about to be opened and ended. */
export interface Staged {
  readonly source: LiveSource
  /** Opens the connection and ends it that way. Resolves when that is done, with a sentence when the browser refused. */
  run(saying: Saying): Promise<string | undefined>
}

/** One byte more than a message to a lab may have (`messageBytes` in the sandbox's limits). */
const TOO_BIG = 64 * 1024 + 1
const utf8 = (text: string) => new TextEncoder().encode(text)
const close = ({ code, reason }: Saying) => ({
  opcode: OPCODES.close,
  payload: encodeClosePayload(code, reason),
})

/** @param changed called after every change of the source */
export function stage(way: WayId, changed: () => void): Staged {
  switch (way) {
    case 'server-close':
      return served(changed, ({ player }, saying) => player?.say(close(saying)))
    case 'server-fin':
      return served(changed, ({ player }) => player?.end('fin'))
    case 'server-rst':
      return served(changed, ({ player }) => player?.end('reset'))
    case 'server-silent':
      return served(changed, ({ player, script }) => {
        if (player) player.answers = false
        script.close(1000)
      })
    case 'page-close':
      return closed(changed)
    case 'page-leave':
      return left(changed)
    case 'raw-close':
      return dialled(changed, (client, saying) =>
        client.say({ ...close(saying), maskingKey: client.freshKey() }),
      )
    case 'raw-hello':
      return saysMasked(changed, { opcode: OPCODES.text, payload: utf8('안녕') })
    case 'raw-bare':
      return dialled(changed, client => client.say({ opcode: OPCODES.text, payload: utf8('안녕') }))
    case 'raw-rsv':
      return saysMasked(changed, { opcode: OPCODES.text, payload: utf8('안녕'), rsv1: true })
    case 'raw-syllable':
      return saysMasked(changed, { opcode: OPCODES.text, payload: utf8('한').subarray(0, 2) })
    case 'raw-big':
      return saysMasked(changed, { opcode: OPCODES.binary, payload: new Uint8Array(TOO_BIG) })
    case 'raw-ping':
      return saysMasked(changed, { opcode: OPCODES.ping, payload: new Uint8Array(126) })
    case 'raw-fin':
      return dialled(changed, client => client.end('fin'))
  }
}

function served(onChange: () => void, end: (session: ServedSession, saying: Saying) => void): Staged {
  const source = new ServedSession({ channel: pageChannel, onChange }, randomBytes)
  return {
    source,
    async run(saying) {
      await source.connect([])
      if (source.state === 'live') end(source, saying)
      return undefined
    },
  }
}

function closed(onChange: () => void): Staged {
  const source = new BrowserSession({ lab: 'echo', channel: pageChannel, onChange })
  return {
    source,
    async run({ code, reason }) {
      await source.connect([])
      if (source.state !== 'live') return undefined
      try {
        source.script.close(code, reason === '' ? undefined : reason)
        return undefined
      } catch (error) {
        if (!(error instanceof DOMException)) throw error
        return `close(${code ?? ''})가 ${error.name}을 던졌습니다. 와이어에는 아무것도 지나가지 않았고 연결은 열려 있습니다.`
      }
    },
  }
}

/** The WebSocket of a page inside this one, which goes away. */
function left(onChange: () => void): Staged {
  const frame = document.createElement('iframe')
  frame.hidden = true
  const source = new BrowserSession({
    lab: 'echo',
    channel: pageChannel,
    onChange,
    createSocket: url => {
      const inside = frame.contentWindow as (Window & typeof globalThis) | null
      return new (inside?.WebSocket ?? WebSocket)(url)
    },
  })
  return {
    source,
    async run() {
      const loaded = new Promise(resolve => frame.addEventListener('load', resolve, { once: true }))
      document.body.append(frame)
      await loaded
      try {
        await source.connect([])
      } finally {
        frame.remove()
      }
      if (source.state === 'live') source.script.forsake()
      return undefined
    },
  }
}

/** A raw client that says this, masked as a client's frames must be. */
function saysMasked(changed: () => void, frame: AnyFrameFields): Staged {
  return dialled(changed, client => client.say({ ...frame, maskingKey: client.freshKey() }))
}

function dialled(changed: () => void, end: (client: Player, saying: Saying) => void): Staged {
  const { promise: settled, resolve } = Promise.withResolvers<void>()
  const { session: source, connect } = rawEcho(() => {
    changed()
    if (source.state !== 'connecting') resolve()
  })
  return {
    source,
    async run(saying) {
      await connect()
      await settled
      if (source.state === 'live' && source.player) end(source.player, saying)
      return undefined
    },
  }
}
