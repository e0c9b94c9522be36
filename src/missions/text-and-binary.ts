import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { Utf8Validator } from '#protocol/utf8.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, ofLatest, PASSED, type Mission } from './mission.ts'

/** A text of one sign, as people count, in more than ten bytes. */
export const oneSignTenBytes = ofLatest(connection => {
  const signs = new Intl.Segmenter('ko', { granularity: 'grapheme' })
  const tries = connection.items.flatMap(item => {
    if (item.kind !== 'frame' || item.from !== 'client' || item.message?.text === undefined) return []
    const { text, payload } = item.message
    return [{ bytes: payload.length, signs: [...signs.segment(text)].length }]
  })
  if (tries.some(({ bytes, signs }) => signs === 1 && bytes > 10)) return PASSED
  const last = tries.at(-1)
  if (last === undefined) return NOT_YET
  const near =
    last.signs === 1
      ? `글자는 하나이지만 페이로드가 ${last.bytes}바이트입니다.`
      : `방금 보낸 글은 눈에 보이는 글자가 ${last.signs}개입니다.`
  return { passed: false, near }
})

/** A character cut in two: in a message that ends there, refused with 1007, and over two frames, echoed. */
export const brokenAndWhole: Mission = connections => {
  const broken = connections.some(isRefused)
  const whole = connections.some(isPutTogether)
  if (broken && whole) return PASSED
  if (broken)
    return { passed: false, near: '1007은 보았습니다. 이제 같은 글자를 두 프레임에 나누어 보냅니다.' }
  if (whole)
    return { passed: false, near: '나눈 글자가 온전히 돌아왔습니다. 이제 서버가 1007로 끝내게 합니다.' }
  const { items = [] } = connections.at(-1) ?? {}
  return items.some(item => item.kind === 'frame' && item.from === 'client')
    ? { passed: false, near: '아직 글자의 가운데를 자른 텍스트가 지나가지 않았습니다.' }
    : NOT_YET
}

function isRefused({ items }: CapturedConnection): boolean {
  const isBroken = items.some(
    item =>
      item.kind === 'frame' &&
      item.from === 'client' &&
      item.violations.some(({ rule }) => rule === 'text-utf8'),
  )
  return (
    isBroken &&
    items.some(
      item =>
        item.kind === 'frame' &&
        item.from === 'server' &&
        item.frame.opcode === OPCODES.close &&
        parseClosePayload(item.frame.payload).code === 1007,
    )
  )
}

/** Whether a text in several frames, one of which ends inside a character, came back. */
function isPutTogether({ items }: CapturedConnection): boolean {
  const utf8 = new Utf8Validator()
  const cutTexts = new Set<string>()
  let isCut = false
  for (const item of items) {
    if (item.kind !== 'frame') continue
    const { frame, from, message } = item
    if (from === 'server') {
      if (message?.text !== undefined && cutTexts.has(message.text)) return true
      continue
    }
    if (frame.opcode > OPCODES.binary) continue
    if (frame.opcode !== OPCODES.continuation) {
      utf8.reset()
      isCut = false
    }
    utf8.push(frame.payload)
    if (!frame.fin && !utf8.complete) isCut = true
    if (isCut && message?.text !== undefined) cutTexts.add(message.text)
  }
  return false
}
