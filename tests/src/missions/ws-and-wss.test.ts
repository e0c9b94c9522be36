import { describe, expect, test } from 'vitest'
import { readInTheOpen, sameSize } from '../../../src/missions/ws-and-wss.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection } from '../wire/captured.ts'
import { clientHello, record } from '../wire/tls-bytes.ts'

/** A conversation in the open. */
function inTheOpen(text: string): CapturedConnection {
  const connection = openConnection()
  clientSays(connection, text)
  return connection
}

/** One over TLS, of whose client so many bytes of application data are seen. */
function overTls(...sizes: number[]): CapturedConnection {
  const connection = new CapturedConnection(2, 'wss')
  connection.addChunk('client', clientHello('chat.example'), 1000)
  for (const [index, size] of sizes.entries())
    connection.addChunk('client', record(23, new Uint8Array(size)), 2000 + index)
  return connection
}

/** Both ways of one run of the lab. */
const run = (text: string, ...sizes: number[]) => [inTheOpen(text), overTls(...sizes)]

const STRANGER = run('내일의 암호는 4821입니다', 60, 90)

describe('a code that is overheard', () => {
  test('passes when it is said, with or without words around it', () => {
    for (const text of ['4821', '번호는 4821!'])
      expect(readInTheOpen([...STRANGER, ...run(text, 60, 40)])).toEqual({ passed: true })
  })

  test.each([
    ['another number', run('4812', 60, 40), '그 번호가 아닙니다'],
    ['no number', run('안녕', 60, 40), '들은 번호를'],
    ['nothing said yet', [], '들은 번호를'],
  ])('%s does not pass', (_name, then, near) => {
    expect(readInTheOpen([...STRANGER, ...then])).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('a code that was said before it was heard does not pass', () => {
    expect(readInTheOpen([...run('4821', 60, 40), ...STRANGER])).toMatchObject({ passed: false })
  })

  test('nothing overheard does not pass', () => {
    expect(readInTheOpen([])).toEqual({ passed: false })
    expect(readInTheOpen(run('4821', 60, 40))).toEqual({ passed: false })
  })
})

describe('two texts that cannot be told apart by size', () => {
  test('pass when all that the client sends over TLS is as long, and they are not', () => {
    expect(sameSize([...run('안녕', 60, 40), ...run('hello!', 60, 40)])).toEqual({ passed: true })
    expect(sameSize([...run('안녕', 60, 40), ...run('아', 60, 37), ...run('hello!', 60, 40)])).toEqual({
      passed: true,
    })
  })

  test.each([
    ['another size', [...run('안녕', 60, 40), ...run('hello', 60, 39)], '크기로 가려집니다'],
    ['as many characters', [...run('안녕', 60, 40), ...run('하이', 60, 40)], '글자 수가 다른'],
    ['one text only', run('안녕', 60, 40), '글자 수가 다른'],
    ['a stranger’s', [...STRANGER, ...run('내일의 암', 60, 90)], '글자 수가 다른'],
  ])('%s does not pass', (_name, connections, near) => {
    expect(sameSize(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('nothing said does not pass', () => {
    expect(sameSize([])).toEqual({ passed: false })
    expect(sameSize([inTheOpen('안녕')])).toEqual({ passed: false })
  })
})
