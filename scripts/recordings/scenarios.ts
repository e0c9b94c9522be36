import { acceptKey } from './accept-key.ts'
import { closing } from './closing.ts'
import { firstConnection } from './first-connection.ts'
import { fragmentation } from './fragmentation.ts'
import { frames } from './frames.ts'
import { handshake } from './handshake.ts'
import { masking } from './masking.ts'
import { pingPong } from './ping-pong.ts'
import { proxies } from './proxies.ts'
import { pythonServer } from './python-server.ts'
import { scaling } from './scaling.ts'
import type { Scenario } from './scenario.ts'
import { sseAndLongPolling } from './sse-and-long-polling.ts'
import { strengths } from './strengths.ts'
import { tcpIsNotFrames } from './tcp-is-not-frames.ts'
import { textAndBinary } from './text-and-binary.ts'
import { useCases } from './use-cases.ts'
import { weaknesses } from './weaknesses.ts'
import { whyWebsocket } from './why-websocket.ts'
import { wsAndWss } from './ws-and-wss.ts'

/** Every recording of the lessons, a file for each lesson. */
export const SCENARIOS: readonly Scenario[] = [
  ...firstConnection,
  ...whyWebsocket,
  ...handshake,
  ...acceptKey,
  ...frames,
  ...masking,
  ...textAndBinary,
  ...fragmentation,
  ...pingPong,
  ...closing,
  ...tcpIsNotFrames,
  ...wsAndWss,
  ...proxies,
  ...sseAndLongPolling,
  ...useCases,
  ...strengths,
  ...weaknesses,
  ...scaling,
  ...pythonServer,
]
