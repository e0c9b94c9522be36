import { describe, expect, test } from 'vitest'
import { heardAcross, neverArrived } from '../../../src/missions/scaling.ts'
import { clientSays, openConnection, seatAt, serverSays } from '../wire/captured.ts'

const SECOND = 1_000_000

/** A seat with what it said and what it was told, each with its second. */
function seat(server: string, said: readonly [string, number][], told: readonly [string, number][]) {
  const connection = seatAt(server)
  for (const [text, second] of said) clientSays(connection, text, second * SECOND)
  for (const [text, second] of told) serverSays(connection, text, second * SECOND + 1000)
  return connection
}

const speaker = (server = 'instance-1') => seat(server, [['안녕', 1]], [['안녕', 1]])

describe('a message that does not arrive', () => {
  test('passes when the other seat, at the other server, is served afterwards', () => {
    const other = seat('instance-2', [['저도요', 2]], [['저도요', 2]])
    expect(neverArrived([speaker(), other])).toEqual({ passed: true })
    expect(neverArrived([seat('instance-1', [], []), other, speaker()])).toEqual({ passed: true })
  })

  test.each([
    ['another at the same server hears it', seat('instance-1', [], [['안녕', 1]]), '둘 다 instance-1'],
    ['nothing shows that the other lives', seat('instance-2', [], []), '살아 있음을'],
    [
      'the other spoke too soon to tell',
      seat('instance-2', [['저도요', 1.1]], [['저도요', 1.1]]),
      '살아 있음을',
    ],
    ['the other is not answered', seat('instance-2', [['저도요', 2]], []), '살아 있음을'],
  ])('does not pass when %s', (_name, other, near) => {
    expect(neverArrived([speaker(), other])).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('does not pass when a bus brings it', () => {
    const texts: [string, number][] = [
      ['안녕', 1],
      ['저도요', 2],
    ]
    const apart = [seat('instance-1', [['안녕', 1]], texts), seat('instance-2', [['저도요', 2]], texts)]
    expect(neverArrived(apart)).toMatchObject({ passed: false, near: expect.stringContaining('떨어져') })
  })

  test('does not pass before anybody spoke, nor without servers that are named', () => {
    expect(neverArrived([])).toEqual({ passed: false })
    expect(neverArrived([seat('instance-1', [], []), seat('instance-2', [], [])])).toEqual({ passed: false })
    expect(neverArrived([openConnection(), openConnection()])).toEqual({ passed: false })
  })

  test('does not pass for one who sat down afterwards', () => {
    const late = seat('instance-2', [['저도요', 4]], [['저도요', 4]])
    const early = seat('instance-1', [['안녕', 0]], [['안녕', 0]])
    expect(neverArrived([early, late])).toMatchObject({ passed: false })
  })
})

describe('a message that comes across', () => {
  test('passes when a seat at the other server is told it', () => {
    expect(heardAcross([seat('instance-2', [], [['안녕', 1]]), speaker()])).toEqual({ passed: true })
  })

  test.each([
    ['both sit at one server', seat('instance-1', [], [['안녕', 1]]), '둘 다 instance-1'],
    ['it does not come', seat('instance-2', [], []), '닿지 않았습니다'],
    ['the other had heard the same before', seat('instance-2', [], [['안녕', 0.5]]), '닿지 않았습니다'],
    ['the other said the same', seat('instance-2', [['안녕', 2]], [['안녕', 2]]), '닿지 않았습니다'],
  ])('does not pass when %s', (_name, other, near) => {
    expect(heardAcross([speaker(), other])).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('does not pass before anybody spoke', () => {
    expect(heardAcross([])).toEqual({ passed: false })
    expect(heardAcross([seat('instance-1', [], []), seat('instance-2', [], [])])).toEqual({ passed: false })
  })
})
