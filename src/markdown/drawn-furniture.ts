import { isLongName } from '../figures/state-machine.ts'
import type { FurniturePart, FurnitureRule } from './furniture.ts'

const FIGURE = { figure: 'text', title: 'text', caption: 'text' } as const
const PARTIES = '브라우저, 서버'
/** Lifelines that fit a phone. */
const MOST_PARTIES = 4
const TONES = ['control', 'fault']
const SIDES = ['client', 'server']

/** Tabs, and the figures that are drawn from what a lesson says in them. */
export const DRAWN_FURNITURE: Readonly<Record<string, FurnitureRule>> = {
  Tabs: { attributes: { label: 'text' }, children: { Tab: { min: 2 } }, compose: composeTabs },
  Tab: { attributes: { label: 'text' }, within: ['Tabs'] },
  Sequence: {
    attributes: { ...FIGURE, parties: 'optional', wide: 'flag' },
    children: { Message: { min: 1 } },
    compose: composeSequence,
  },
  Message: {
    attributes: { from: 'text', to: 'optional', label: 'text', tone: 'optional', lost: 'flag' },
    within: ['Sequence'],
    check: attributes => oneOf('tone', TONES, attributes),
  },
  Moment: { attributes: { at: 'text' }, within: ['Sequence'] },
  Pause: { attributes: {}, within: ['Sequence'] },
  StateMachine: {
    attributes: { ...FIGURE, states: 'text' },
    children: { Transition: { min: 1 } },
    compose: composeStateMachine,
  },
  Transition: {
    attributes: { from: 'text', to: 'text', by: 'optional', fault: 'flag' },
    within: ['StateMachine'],
    check: attributes => oneOf('by', SIDES, attributes),
  },
}

function oneOf(
  name: string,
  known: readonly string[],
  attributes: ReadonlyMap<string, string>,
): string | undefined {
  const value = attributes.get(name)
  return value === undefined || known.includes(value)
    ? undefined
    : `${name}="${value}": expected ${known.map(each => `"${each}"`).join(' or ')}`
}

function composeTabs(tabs: FurniturePart, parts: readonly FurniturePart[]): void {
  const labels = new Set<string>()
  for (const part of parts) {
    if (part.name !== 'Tab') part.fail('stands in <Tabs> outside its <Tab>s')
    const label = part.attributes.get('label') ?? ''
    if (labels.has(label)) tabs.fail(`has two tabs named "${label}"`)
    labels.add(label)
  }
}

/** Gives each part the places of its lifelines, from 0. */
function composeSequence(sequence: FurniturePart, parts: readonly FurniturePart[]): void {
  const parties = namesOf(sequence, 'parties', PARTIES)
  if (parties.length < 2 || parties.length > MOST_PARTIES)
    sequence.fail(`parties="…" has ${parties.length} names, expected 2 to ${MOST_PARTIES}`)
  sequence.set('drawn', JSON.stringify(parties))
  const place = (part: FurniturePart, name: string, value: string): number => {
    const found = parties.indexOf(value)
    return found >= 0
      ? found
      : part.fail(`${name}="${value}" is not among the parties (${parties.join(', ')})`)
  }
  for (const part of parts) {
    const { name, attributes } = part
    if (name === 'Message') {
      const from = place(part, 'from', attributes.get('from') ?? '')
      const given = attributes.get('to')
      if (given === undefined && parties.length > 2)
        part.fail('needs to="…": there are more than two parties')
      const to = given === undefined ? 1 - from : place(part, 'to', given)
      if (from === to) part.fail('goes from a party to itself: write a <Moment>')
      part.set('start', String(from))
      part.set('end', String(to))
      part.set('receiver', parties[to] ?? '')
    } else if (name === 'Moment') {
      part.set('place', String(place(part, 'at', attributes.get('at') ?? '')))
      part.set('last', String(parties.length - 1))
      if (part.empty) part.fail('says nothing: write in it what happens')
    } else if (name === 'Pause') {
      if (part.empty) part.fail('says nothing: write in it how long, or what is waited for')
    } else part.fail('does not belong in a <Sequence> (Message, Moment and Pause do)')
  }
}

/** Numbers the transitions and gives the figure what it draws. */
function composeStateMachine(machine: FurniturePart, parts: readonly FurniturePart[]): void {
  const states = namesOf(machine, 'states', '')
  if (states.length < 2) machine.fail('states="…" needs at least two names, with commas between')
  const long = states.find(isLongName)
  if (long !== undefined) machine.fail(`the name "${long}" is too long for its box`)
  const reached = new Set([0])
  const transitions = parts.map((part, index) => {
    if (part.name !== 'Transition') part.fail('does not belong in a <StateMachine> (Transition does)')
    if (part.empty) part.fail('says nothing: write in it what makes it happen')
    const place = (name: string): number => {
      const value = part.attributes.get(name) ?? ''
      const found = states.indexOf(value)
      return found >= 0
        ? found
        : part.fail(`${name}="${value}" is not among the states (${states.join(', ')})`)
    }
    const from = place('from')
    const to = place('to')
    reached.add(to)
    part.set('order', String(index + 1))
    const tone = part.attributes.has('fault') ? 'fault' : (part.attributes.get('by') ?? '')
    return { from, to, tone }
  })
  const lonely = states.find((_, index) => !reached.has(index))
  if (lonely !== undefined) machine.fail(`no <Transition> leads to "${lonely}"`)
  machine.set('drawn', JSON.stringify({ states, transitions }))
}

function namesOf(part: FurniturePart, attribute: string, otherwise: string): string[] {
  const names = (part.attributes.get(attribute) ?? otherwise)
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) part.fail(`${attribute}="…" names "${twice}" twice`)
  return names
}
