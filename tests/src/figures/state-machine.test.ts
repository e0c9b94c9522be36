import { describe, expect, test } from 'vitest'
import { drawStateMachine, isLongName } from '../../../src/figures/state-machine.ts'

const STATES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED']

/** Every number of a path, in order. */
const numbers = (path: string): number[] => [...path.matchAll(/-?[\d.]+/g)].map(Number)

describe('a state machine', () => {
  test('stands in one column in the order given, evenly', () => {
    const { states } = drawStateMachine(STATES, [{ from: 0, to: 1 }])
    expect(states.map(({ name }) => name)).toEqual(STATES)
    expect(new Set(states.map(({ x }) => x)).size).toBe(1)
    const steps = states.slice(1).map(({ y }, index) => y - (states[index]?.y ?? 0))
    expect(new Set(steps).size).toBe(1)
  })

  test('goes straight to the next state and around the others, back on the left', () => {
    const { edges, states } = drawStateMachine(STATES, [
      { from: 0, to: 1 },
      { from: 0, to: 3 },
      { from: 2, to: 0 },
    ])
    const [next, ahead, back] = edges.map(({ number }) => number.x)
    const left = states[0]?.x ?? 0
    const width = states[0]?.width ?? 0
    expect(next).toBe(left + width / 2)
    expect(ahead).toBeGreaterThan(left + width)
    expect(back).toBeLessThan(left)
  })

  test('a second way to the next state goes beside the first', () => {
    const { edges } = drawStateMachine(
      ['A', 'B'],
      [
        { from: 0, to: 1 },
        { from: 0, to: 1 },
      ],
    )
    expect(edges[0]?.number.x).not.toBe(edges[1]?.number.x)
  })

  test('no two edges share a lane where they pass one another', () => {
    const { edges } = drawStateMachine(STATES, [
      { from: 0, to: 2 },
      { from: 0, to: 3 },
      { from: 1, to: 3 },
    ])
    const lanes = edges.map(({ number }) => number.x)
    expect(new Set(lanes).size).toBe(3)
  })

  test('edges that meet a state at one side end at different heights', () => {
    const { edges } = drawStateMachine(STATES, [
      { from: 0, to: 3 },
      { from: 1, to: 3 },
    ])
    const [first, second] = edges.map(({ head }) => numbers(head)[1])
    expect(first).not.toBe(second)
  })

  test('no number stands where another edge crosses its own', () => {
    const { edges } = drawStateMachine(STATES, [
      { from: 0, to: 2 },
      { from: 0, to: 3 },
      { from: 1, to: 3 },
    ])
    const [skipping, , crossing] = edges
    const [, crossingHeight = 0] = numbers(crossing?.path ?? '')
    expect(Math.abs((skipping?.number.y ?? 0) - crossingHeight)).toBeGreaterThan(10)
  })

  test('everything lies within its width and height, loops too', () => {
    const { edges, states, width, height } = drawStateMachine(STATES, [
      { from: 1, to: 1 },
      { from: 0, to: 3 },
      { from: 3, to: 0 },
      { from: 2, to: 1 },
    ])
    for (const { number } of edges) {
      expect(number.x).toBeGreaterThan(9)
      expect(number.x).toBeLessThan(width - 9)
      expect(number.y).toBeLessThan(height)
    }
    for (const state of states) expect(state.y + state.height).toBeLessThan(height)
  })

  test('a state nothing leads out of is final, though it may lead to itself', () => {
    const { states } = drawStateMachine(
      ['A', 'B'],
      [
        { from: 0, to: 1 },
        { from: 1, to: 1 },
      ],
    )
    expect(states.map(({ final }) => final)).toEqual([false, true])
  })

  test('fits a phone with as many lanes as the readyState of a connection needs', () => {
    const { width } = drawStateMachine(STATES, [
      { from: 0, to: 1 },
      { from: 0, to: 3 },
      { from: 1, to: 3 },
    ])
    expect(width).toBeLessThan(320)
  })

  test('says which names are too long for a box', () => {
    expect(isLongName('CONNECTING')).toBe(false)
    expect(isLongName('열두 글자쯤 되는 한글 이름')).toBe(true)
  })
})
