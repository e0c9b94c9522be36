import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { TraceItem } from '#protocol/trace.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { grouped } from '../wire/grouped.ts'
import { NOT_YET, PASSED, type Mission, type Verdict } from './mission.ts'

type FrameItem = Extract<TraceItem, { kind: 'frame' }>

function framesOf(connection: CapturedConnection): FrameItem[] {
  return connection.items.filter(item => item.kind === 'frame')
}

/** Payload lengths on either side of the bounds at which a length takes another form (RFC 6455 §5.2). */
const LENGTHS = [125, 126, 65_536]

/** A message of each of these lengths, in one good frame, answered with an echo. */
export const threeLengths: Mission = connections => {
  const done = new Set(connections.flatMap(echoedLengths))
  const missing = LENGTHS.filter(length => !done.has(length))
  if (missing.length === 0) return PASSED
  if (missing.length === LENGTHS.length && connections.every(each => framesOf(each).length === 0))
    return NOT_YET
  return {
    passed: false,
    near: `아직 메아리를 받지 못한 길이: ${missing.map(length => `${grouped(length)}바이트`).join(', ')}.`,
  }
}

/** Payload lengths of the good one-frame messages that came back as they went. */
function echoedLengths(connection: CapturedConnection): number[] {
  const frames = framesOf(connection)
  const said = frames.filter(
    ({ from, message, violations }) => from === 'client' && message && violations.length === 0,
  )
  const echoed = frames.filter(({ from, message }) => from === 'server' && message)
  // The echo lab answers every message in turn.
  return said.flatMap(({ frame }, index) => {
    const answer = echoed[index]?.frame
    const isWhole = frame.opcode !== OPCODES.continuation
    return isWhole && answer?.payloadLength === frame.payloadLength ? [frame.payloadLength] : []
  })
}

/** A frame that breaks one rule and no other, masked as it must be, and the server's 1002. */
export const oneBrokenRule: Mission = connections => {
  const verdicts = connections.map(judgeBroken)
  return verdicts.find(({ passed }) => passed) ?? verdicts.findLast(verdict => verdict !== NOT_YET) ?? NOT_YET
}

function judgeBroken(connection: CapturedConnection): Verdict {
  const frames = framesOf(connection)
  const bad = frames.find(({ from, violations }) => from === 'client' && violations.length > 0)
  if (bad === undefined) return NOT_YET
  const broken = bad.violations.length
  if (broken > 1)
    return {
      passed: false,
      near: `이번 프레임은 규칙 ${broken}개를 어겼습니다. 펼치면 문장으로 볼 수 있습니다.`,
    }
  if (!bad.frame.masked)
    return { passed: false, near: '마스킹을 하지 않았습니다. 마스킹은 지키면서 다른 규칙을 어겨야 합니다.' }
  const close = frames.find(({ from, frame }) => from === 'server' && frame.opcode === OPCODES.close)
  if (close === undefined) return { passed: false, near: '규칙 하나를 어겼고, 서버의 답을 기다립니다.' }
  const { code } = parseClosePayload(close.frame.payload)
  return code === 1002
    ? PASSED
    : { passed: false, near: `서버가 1002가 아니라 ${code ?? '코드 없이'}로 끝냈습니다.` }
}
