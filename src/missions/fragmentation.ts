import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { RuleId } from '#protocol/rules.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, ofLatest, PASSED, type Mission } from './mission.ts'

/** Fragments that the message has to have. */
const PIECES = 3

/** A message in three fragments or more; a ping behind one of them is answered before the last goes out. */
export const pingInTheMiddle = ofLatest(connection => {
  let begun: { frames: number; pings: number; pongs: number } | undefined
  let near: string | undefined
  for (const item of connection.items) {
    if (item.kind !== 'frame') continue
    const { from, frame, violations } = item
    if (from === 'server') {
      if (begun && frame.opcode === OPCODES.pong && begun.pings > 0) begun.pongs++
      continue
    }
    if (violations.length > 0) {
      begun = undefined
      near = '규칙을 어긴 프레임이 지나갔습니다.'
    } else if (frame.opcode === OPCODES.ping) {
      if (begun) begun.pings++
    } else if (frame.opcode <= OPCODES.binary) {
      begun ??= { frames: 0, pings: 0, pongs: 0 }
      begun.frames++
      if (!frame.fin) continue
      if (begun.frames >= PIECES && begun.pongs > 0) return PASSED
      near = lackOf(begun)
      begun = undefined
    }
  }
  return near === undefined ? NOT_YET : { passed: false, near }
})

function lackOf({ frames, pings }: { readonly frames: number; readonly pings: number }): string {
  if (frames < PIECES) return `방금 메시지는 프레임 ${frames}개에 실렸습니다.`
  return pings === 0
    ? '조각 사이에 핑이 없었습니다.'
    : '핑은 있었지만 퐁이 돌아오기 전에 메시지가 끝났습니다.'
}

/** What can be wrong with the order of frames, or with a control frame among them. */
const ORDER_RULES: readonly RuleId[] = [
  'continuation-of-nothing',
  'message-interleaved',
  'control-unfragmented',
  'control-length',
]

/** Two of those rules broken, each on a connection that the server ended with 1002. */
export const twoBrokenOrders: Mission = connections => {
  // The first is what the server refused: what came behind it was of no account any more.
  const broken = new Set(connections.filter(isRefused).flatMap(each => brokenRules(each).slice(0, 1)))
  if (broken.size >= 2) return PASSED
  if (broken.size === 1)
    return { passed: false, near: '한 가지는 서버가 1002로 끝냈습니다. 다른 한 가지가 남았습니다.' }
  const { items = [] } = connections.at(-1) ?? {}
  return items.some(item => item.kind === 'frame')
    ? { passed: false, near: '아직 서버가 1002로 끝낸 연결이 없습니다.' }
    : NOT_YET
}

function brokenRules({ items }: CapturedConnection): RuleId[] {
  const rules = items.flatMap(item =>
    item.kind === 'frame' && item.from === 'client' ? item.violations.map(({ rule }) => rule) : [],
  )
  return rules.filter(rule => ORDER_RULES.includes(rule))
}

function isRefused({ items }: CapturedConnection): boolean {
  return items.some(
    item =>
      item.kind === 'frame' &&
      item.from === 'server' &&
      item.frame.opcode === OPCODES.close &&
      parseClosePayload(item.frame.payload).code === 1002,
  )
}
