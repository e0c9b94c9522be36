import type { Surroundings } from './lab.ts'

/** What a lab keeps: each sandbox of a process has its own. */
export function perSandbox<State>(
  begin: (surroundings: Surroundings) => State,
): (surroundings: Surroundings) => State {
  const states = new WeakMap<Surroundings, State>()
  return surroundings => {
    const state = states.get(surroundings) ?? begin(surroundings)
    states.set(surroundings, state)
    return state
  }
}
