import { streamLanes, type StreamLanes } from '../wire/stream-lanes.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** Whether a stretch has the edge of a read inside. */
function isCut({ chunks }: StreamLanes, start: number, end: number): boolean {
  return chunks.some(chunk => chunk.start > start && chunk.start < end)
}

/** A frame whose head the server got in more than one read, and whose message it sent back. */
export const headInTwoReads = ofLatest(connection => {
  const lanes = streamLanes(connection, 'client')
  const echoed = new Set(streamLanes(connection, 'server')?.messages.map(({ text }) => text))
  const data = lanes?.frames.filter(({ opcode }) => opcode < 0x8) ?? []
  if (!lanes || data.length === 0) return NOT_YET
  const cut = data.filter(({ start, headEnd }) => isCut(lanes, start, headEnd))
  const answered = lanes.messages.filter(({ text }) => echoed.has(text))
  if (cut.some(frame => answered.some(({ start, end }) => start <= frame.start && frame.end <= end)))
    return PASSED
  return {
    passed: false,
    near:
      cut.length > 0
        ? '헤더가 나뉘어 읽혔습니다. 메아리를 기다립니다.'
        : '지금까지는 프레임마다 헤더가 한 번에 읽혔습니다.',
  }
})

/** Messages that one read has to bring. */
const MESSAGES = 3

/** Three messages or more whose frames came whole in one read of the server. */
export const threeInOneRead = ofLatest(connection => {
  const lanes = streamLanes(connection, 'client')
  if (!lanes || lanes.messages.length === 0) return NOT_YET
  const most = Math.max(
    ...lanes.chunks.map(
      chunk => lanes.messages.filter(({ start, end }) => chunk.start <= start && end <= chunk.end).length,
    ),
  )
  if (most >= MESSAGES) return PASSED
  return {
    passed: false,
    near:
      most === 0
        ? '온전한 메시지를 담은 읽기가 아직 없습니다.'
        : `읽기 한 번에 담긴 온전한 메시지는 가장 많을 때 ${most}개였습니다.`,
  }
})
