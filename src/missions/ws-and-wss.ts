import type { CapturedConnection } from '../wire/captured-connection.ts'
import { leaksOf, type Leaks } from '../wire/leaks.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** As the lab's stranger says it. */
const CODE = /^내일의 암호는 (\d{4})입니다$/

const seen = (connections: readonly CapturedConnection[]): Leaks[] =>
  connections.filter(({ chunks }) => chunks.length > 0).map(leaksOf)

/** What the client said on each connection in the open. */
const texts = (leaks: readonly Leaks[]) =>
  leaks.flatMap(({ secure, said }) => (secure || said?.[0] === undefined ? [] : [said[0]]))

/** The code of a stranger, overheard in the open, is said by the reader. */
export const readInTheOpen: Mission = connections => {
  const said = texts(seen(connections))
  const codes = said.flatMap(text => CODE.exec(text)?.[1] ?? [])
  const own = said.filter(text => !CODE.test(text))
  const latest = codes.at(-1)
  if (latest === undefined) return NOT_YET
  // Said after it was heard.
  const heard = said.findIndex(text => CODE.exec(text)?.[1] === latest)
  const answers = said.slice(heard).filter(text => own.includes(text))
  if (answers.some(text => text.includes(latest))) return PASSED
  if (answers.some(text => /\d{4}/.test(text)))
    return { passed: false, near: '그 번호가 아닙니다. ws로 간 텍스트 프레임을 다시 봅니다.' }
  return { passed: false, near: '남의 대화를 들었습니다. 들은 번호를 내 말로 보냅니다.' }
}

/** Two texts of different lengths in characters cannot be told apart by the sizes that TLS leaves visible. */
export const sameSize: Mission = connections => {
  const runs = seen(connections).flatMap((leaks, index, all) => {
    const before = all[index - 1]
    const said = before?.secure === false ? before.said?.[0] : undefined
    return leaks.secure && leaks.duration > 0 && said !== undefined && !CODE.test(said)
      ? [{ said, length: [...said].length, sizes: leaks.clientSizes.join(', ') }]
      : []
  })
  const last = runs.at(-1)
  if (last === undefined) return NOT_YET
  const others = runs.filter(({ length }) => length !== last.length)
  const twin = others.find(({ sizes }) => sizes === last.sizes)
  if (twin) return PASSED
  const [other] = others
  if (other === undefined)
    return {
      passed: false,
      near: `“${last.said}”: ${last.sizes}바이트. 글자 수가 다른 말을 하나 더 보냅니다.`,
    }
  return {
    passed: false,
    near: `“${other.said}”: ${other.sizes} / “${last.said}”: ${last.sizes}. 크기로 가려집니다.`,
  }
}
