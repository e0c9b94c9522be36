import { BROADCAST_MOST, INSTANCES, SHARED_BUS } from '#contract/addresses.ts'
import { Balancer } from './balancer.ts'
import type { Lab } from './lab.ts'
import { TalkingRooms } from './talking.ts'

/** Rooms that the balancer remembers; a page has one. */
const REMEMBERED_ROOMS = 2000

const balancer = new Balancer(INSTANCES.length, REMEMBERED_ROOMS)

/** Two servers that have nothing in common but what they are told to: each has its rooms, and a bus if it is asked to. */
const servers = new Map<string, { alone: TalkingRooms; shared: TalkingRooms }>(
  INSTANCES.map(name => [
    name,
    {
      alone: new TalkingRooms(`instances:${name}`, BROADCAST_MOST),
      shared: new TalkingRooms('instances', BROADCAST_MOST),
    },
  ]),
)

/** A chat with two servers behind a balancer. Which of them answers stands in the response. */
export const instances: Lab = {
  name: 'instances',
  subprotocols: [],
  choose: query => INSTANCES[balancer.choose(query)],
  serve(webSocket, query, { bus }, server) {
    const rooms = servers.get(server ?? '')
    const chosen = query.has(SHARED_BUS) ? rooms?.shared : rooms?.alone
    chosen?.enter(webSocket, query, bus, true)
  },
}
