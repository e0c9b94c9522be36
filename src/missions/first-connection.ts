import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** A text message whose payload is exactly nine bytes, in three composed Hangul syllables. */
export const nineBytes = ofLatest(connection => {
  const texts = connection.items.flatMap(item =>
    item.kind === 'frame' && item.from === 'client' && item.frame.opcode === 0x1 && item.frame.fin
      ? [item.frame]
      : [],
  )
  const tries = texts.map(frame => {
    const text = new TextDecoder().decode(frame.payload)
    return { bytes: frame.payloadLength, characters: [...text].length, composed: /^[가-힣]+$/u.test(text) }
  })
  if (tries.some(({ bytes, characters, composed }) => bytes === 9 && characters === 3 && composed))
    return PASSED
  const last = tries.at(-1)
  if (last === undefined) return NOT_YET
  if (last.bytes !== 9) return { passed: false, near: `방금 보낸 페이로드는 ${last.bytes}바이트입니다.` }
  return {
    passed: false,
    near: `9바이트는 맞지만 완성된 한글 음절 세 글자가 아닙니다. 유니코드 코드 포인트로는 ${last.characters}개입니다.`,
  }
})
