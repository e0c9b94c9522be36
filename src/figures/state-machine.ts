/** An edge between states, by their places in the list of states. */
export interface Transition {
  readonly from: number
  readonly to: number
}

interface Point {
  readonly x: number
  readonly y: number
}

/** A state machine laid out: states down a spine, transitions to the next along it, the others in lanes beside it. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly states: readonly {
    readonly name: string
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
    /** Nothing leads out of it. */
    readonly final: boolean
  }[]
  /** In the order of the transitions: a path, the head at its end, and where its number stands. */
  readonly edges: readonly { readonly path: string; readonly head: string; readonly number: Point }[]
  /** The arrow into the first state. */
  readonly entry: { readonly path: string; readonly head: string }
}

// All in px, at the size the figure is drawn.
const STATE_HEIGHT = 40
const STATE_GAP = 50
const STATE_PADDING = 17
const STATE_MIN_WIDTH = 96
const NAME_MAX_WIDTH = 168
const HANGUL_WIDTH = 13
const LATIN_WIDTH = 8.6
const ENTRY = 26
const LANE_FIRST = 24
const LANE_STEP = 26
const LANE_MARGIN = 12
const CORNER = 7
/** Distance that a number keeps from an edge that crosses its own. */
const NUMBER_ROOM = 14
const HEAD = 7

/** Whether a name does not fit the widest box. */
export function isLongName(name: string): boolean {
  return nameWidth(name) > NAME_MAX_WIDTH
}

function nameWidth(name: string): number {
  return [...name].reduce((sum, char) => sum + (char > '\u10ff' ? HANGUL_WIDTH : LATIN_WIDTH), 0)
}

type Side = 'spine' | 'left' | 'right'

/** An edge on its way to being drawn: the heights of its ends and its lane are found one after the other. */
interface Route extends Transition {
  readonly side: Side
  lane: number
  startY: number
  endY: number
}

/** Lays the states out from top to bottom, in the order given. */
export function drawStateMachine(names: readonly string[], transitions: readonly Transition[]): Drawing {
  const stateWidth = Math.max(STATE_MIN_WIDTH, ...names.map(nameWidth)) + 2 * STATE_PADDING
  const top = (state: number) => ENTRY + state * (STATE_HEIGHT + STATE_GAP)
  const routes = transitions.map((transition, index): Route => {
    const { from, to } = transition
    const isNext =
      to === from + 1 && transitions.findIndex(each => each.from === from && each.to === to) === index
    const side = isNext ? 'spine' : to >= from ? 'right' : 'left'
    return { from, to, side, lane: 0, startY: top(from) + STATE_HEIGHT, endY: top(to) }
  })
  for (const side of ['left', 'right'] as const) {
    const beside = routes.filter(route => route.side === side)
    names.forEach((_, state) => placeEnds(beside, state, top(state)))
    giveLanes(beside)
  }
  const marginOf = (side: Side) => {
    const lanes = Math.max(-1, ...routes.filter(route => route.side === side).map(({ lane }) => lane)) + 1
    return lanes === 0 ? 1 : LANE_FIRST + (lanes - 1) * LANE_STEP + LANE_MARGIN
  }
  const left = marginOf('left')
  const right = left + stateWidth
  const middle = left + stateWidth / 2
  return {
    width: right + marginOf('right'),
    height: top(names.length - 1) + STATE_HEIGHT + 1,
    states: names.map((name, state) => ({
      name,
      x: left,
      y: top(state),
      width: stateWidth,
      height: STATE_HEIGHT,
      final: !transitions.some(({ from, to }) => from === state && to !== state),
    })),
    edges: routes.map(route => drawRoute(route, routes, { left, right, middle })),
    entry: { path: `M${middle} 4V${ENTRY - HEAD}`, head: headDown(middle, ENTRY) },
  }
}

/**
 * Spreads the ends of edges over one side of a state, so that edges to nearer states run inside those to farther
 * ones: first those from above, nearest first, then those from below, farthest first.
 */
function placeEnds(routes: readonly Route[], state: number, top: number): void {
  const ends = routes.flatMap(route => [
    ...(route.from === state ? [{ route, other: route.to, put: (y: number) => (route.startY = y) }] : []),
    ...(route.to === state ? [{ route, other: route.from, put: (y: number) => (route.endY = y) }] : []),
  ])
  // Above: nearest first. The state itself. Below: farthest first.
  const rank = (other: number): number =>
    other < state ? -2 / (state - other) : other === state ? 0 : 1 / (other - state)
  const ordered = ends.toSorted((a, b) => rank(a.other) - rank(b.other))
  ordered.forEach(({ put }, index) => put(top + (STATE_HEIGHT * (index + 1)) / (ordered.length + 1)))
}

/** Gives each edge the innermost lane in which it meets no other, short ones first. */
function giveLanes(routes: readonly Route[]): void {
  const placed: Route[] = []
  const low = (route: Route) => Math.min(route.startY, route.endY)
  const high = (route: Route) => Math.max(route.startY, route.endY)
  for (const route of routes.toSorted((a, b) => high(a) - low(a) - (high(b) - low(b)))) {
    const taken = placed.filter(other => low(other) < high(route) && low(route) < high(other))
    while (taken.some(other => other.lane === route.lane)) route.lane++
    placed.push(route)
  }
}

function drawRoute(
  route: Route,
  routes: readonly Route[],
  { left, right, middle }: { left: number; right: number; middle: number },
): Drawing['edges'][number] {
  const { side, lane, startY, endY } = route
  if (side === 'spine')
    return {
      path: `M${middle} ${startY}V${endY - HEAD}`,
      head: headDown(middle, endY),
      number: { x: middle, y: (startY + endY - HEAD / 2) / 2 },
    }
  const out = side === 'right' ? 1 : -1
  const edge = side === 'right' ? right : left
  const x = edge + out * (LANE_FIRST + lane * LANE_STEP)
  const down = endY > startY ? 1 : -1
  const corner = Math.min(CORNER, Math.abs(endY - startY) / 2)
  return {
    path:
      `M${edge} ${startY}H${x - out * corner}Q${x} ${startY} ${x} ${startY + down * corner}` +
      `V${endY - down * corner}Q${x} ${endY} ${x - out * corner} ${endY}H${edge + out * HEAD}`,
    head: `M${edge} ${endY}l${out * (HEAD + 1)} -4.5v9Z`,
    number: { x, y: numberHeight(route, routes) },
  }
}

/** The middle of an edge, or near it, where no edge to an outer lane crosses. */
function numberHeight({ side, lane, startY, endY }: Route, routes: readonly Route[]): number {
  const crossing = routes.filter(other => other.side === side && other.lane > lane)
  const heights = [0.5, 0.4, 0.6, 0.3, 0.7].map(part => startY + part * (endY - startY))
  const isFree = (y: number) =>
    crossing.every(other => Math.min(Math.abs(other.startY - y), Math.abs(other.endY - y)) >= NUMBER_ROOM)
  return heights.find(isFree) ?? (startY + endY) / 2
}

function headDown(x: number, y: number): string {
  return `M${x} ${y}l-4.5 ${-HEAD - 1}h9Z`
}
