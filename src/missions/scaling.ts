import type { CapturedConnection } from '../wire/captured-connection.ts'
import { openedAt, saidBy, servedBy } from '../wire/room-talk.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** How long a message is waited for, in microseconds: a bus takes a thousandth of that. */
const WAIT = 200_000

/** Something that was said on one connection and that its server said back to it. */
const answered = (connection: CapturedConnection) =>
  saidBy(connection, 'client').filter(({ text, at }) =>
    saidBy(connection, 'server').some(told => told.text === text && told.at >= at),
  )

const hasHeard = (connection: CapturedConnection, text: string) =>
  saidBy(connection, 'server').some(told => told.text === text)

/** Pairs of a connection that spoke and another one of the room. */
function pairs(connections: readonly CapturedConnection[]) {
  const served = connections.filter(each => servedBy(each) !== undefined)
  return served.flatMap(speaker =>
    served.flatMap(other =>
      other === speaker ? [] : [{ speaker, other, apart: servedBy(speaker) !== servedBy(other) }],
    ),
  )
}

/** What one says does not come to another one who sits at the other server, though that one is served all the while. */
export const neverArrived: Mission = connections => {
  let near: string | undefined
  for (const { speaker, other, apart } of pairs(connections)) {
    for (const { text, at } of answered(speaker)) {
      if ((openedAt(other) ?? Infinity) > at) continue
      if (hasHeard(other, text)) {
        near ??= apart
          ? '두 인스턴스에 떨어져 앉았는데도 닿았습니다.'
          : `둘 다 ${servedBy(speaker)}에 앉아 있어 닿았습니다.`
      } else if (apart) {
        if (answered(other).some(later => later.at >= at + WAIT)) return PASSED
        near = '닿지 않았습니다. 이제 듣지 못한 자리에서 말하여 그 자리도 살아 있음을 보입니다.'
      }
    }
  }
  return near === undefined ? NOT_YET : { passed: false, near }
}

/** What one says comes to another one who sits at the other server. */
export const heardAcross: Mission = connections => {
  let near: string | undefined
  for (const { speaker, other, apart } of pairs(connections)) {
    for (const { text, at } of answered(speaker)) {
      const told = saidBy(other, 'server').some(each => each.text === text && each.at >= at)
      const saidToo = saidBy(other, 'client').some(each => each.text === text)
      if (told && !saidToo && apart) return PASSED
      if (told && !apart) near = `닿았지만 둘 다 ${servedBy(speaker)}에 앉아 있습니다.`
      else if (apart && (openedAt(other) ?? Infinity) < at) near ??= '떨어져 앉았지만 닿지 않았습니다.'
    }
  }
  return near === undefined ? NOT_YET : { passed: false, near }
}
