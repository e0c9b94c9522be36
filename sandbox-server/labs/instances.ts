import { BROADCAST_MOST, SHARED_BUS } from '#contract/addresses.ts'
import { LocalBus } from '../bus/bus.ts'
import type { Lab } from './lab.ts'
import { perSandbox } from './per-sandbox.ts'
import { TalkingRooms } from './talking.ts'

const roomsOf = perSandbox(({ bus }) => ({
  alone: { rooms: new TalkingRooms('instances', BROADCAST_MOST), bus: new LocalBus() },
  shared: { rooms: new TalkingRooms('instances', BROADCAST_MOST), bus },
}))

/**
 * A chat with two servers behind a balancer, which know nothing of each other unless they are asked to use their bus.
 * Which of them answers stands in the response.
 */
export const instances: Lab = {
  name: 'instances',
  subprotocols: [],
  isBalanced: true,
  serve(webSocket, query, surroundings) {
    const { alone, shared } = roomsOf(surroundings)
    const { rooms, bus } = query.has(SHARED_BUS) ? shared : alone
    rooms.enter(webSocket, query, bus, true)
  },
}
