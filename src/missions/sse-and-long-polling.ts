import { fieldValues } from '#protocol/http-head.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

const latin1 = new TextDecoder('latin1')

/** A request that names the last event it has is answered from the next one on. */
export const resumedStream = ofLatest(({ items }) => {
  const request = items.find(item => item.kind === 'request')
  if (request === undefined) return NOT_YET
  const [last] = fieldValues(request.head, 'Last-Event-ID')
  if (last === undefined) return { passed: false, near: '요청에 Last-Event-ID가 없어 처음부터 이어집니다.' }
  const body = items.flatMap(item =>
    item.kind === 'body' && item.from === 'server' ? [latin1.decode(item.bytes)] : [],
  )
  const ids = [...body.join('').matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  const [first] = ids
  if (first === undefined) return { passed: false, near: '아직 온 소식이 없습니다.' }
  if (Number(last) > 0 && first === Number(last) + 1) return PASSED
  return { passed: false, near: `마지막 번호는 ${last}인데 ${first}번부터 왔습니다.` }
})
