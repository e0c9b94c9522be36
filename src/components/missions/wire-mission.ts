import type { Mission, Verdict } from '../../missions/mission.ts'
import { progress } from '../../progress/page-progress.ts'
import { keyOf } from '../../progress/records.ts'
import { watchWire, type LabWire } from '../../wire/page-wire.ts'

const PASSED = '와이어에서 확인했습니다. 통과입니다.'
const PASSED_BEFORE = '전에 통과한 미션입니다.'
const ABSENT = '샌드박스가 없어 지금은 판정할 수 없습니다. 실험대가 다시 연결되면 이어서 판정합니다.'
const RESET = '처음으로 돌렸습니다. 새로 연결하면 다시 판정합니다.'

/**
 * Judges a mission by the wire of its lab, and remembers that it was passed. A hint is offered once the one before it
 * was opened, the solution last. Without script all of it is there.
 */
class WireMission extends HTMLElement {
  #key = ''
  #stop: () => void = () => {}
  #hints: HTMLDetailsElement[] = []
  /** Here as soon as there is something to judge. */
  #judge: Mission | undefined
  #wire: LabWire | undefined
  /** Connections of the lab up to the one that passed: after a reset only new ones count. */
  #ignored = 0
  /** Likewise of its races. */
  #ignoredRaces = 0

  connectedCallback(): void {
    const { mission = '', lab = '' } = this.dataset
    this.#key = keyOf('mission', this.closest<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? '', mission)
    this.#hints = [...this.querySelectorAll<HTMLDetailsElement>('.hint')]
    this.#hints.forEach((hint, index) =>
      hint.addEventListener('toggle', () => {
        if (hint.open) this.#hints[index + 1]?.removeAttribute('data-waiting')
        this.#offerReset()
      }),
    )
    this.#closeHints()
    if (this.#passed) this.#show('passed', PASSED_BEFORE)
    const stopWire = watchWire(lab, wire => void this.#look(mission, wire))
    const stopProgress = progress.watch(keys => {
      if (!keys.includes(this.#key)) return
      if (this.#passed) this.#show('passed', PASSED)
      else this.#begin(RESET)
    })
    this.#stop = () => {
      stopWire()
      stopProgress()
    }
    this.querySelector('[data-reset]')?.addEventListener('click', () => this.#reset())
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  async #look(mission: string, wire: LabWire): Promise<void> {
    this.#wire = wire
    if (this.#passed) return
    if (wire.absent) {
      this.#show('open', ABSENT)
      return
    }
    const { before, connections, races = [] } = wire
    const counted = connections.slice(Math.max(this.#ignored - before, 0))
    const run = races.slice(this.#ignoredRaces)
    if (counted.length === 0 && run.length === 0) return
    this.#judge ??= await judgeOf(mission)
    // More may have crossed while the judge was on the way: all of it is judged once.
    if (this.#wire === wire) this.#decide(this.#judge(counted, run), wire)
  }

  #decide(verdict: Verdict, { before, connections, races = [] }: LabWire): void {
    if (this.#passed) return
    if (verdict.passed) {
      this.#ignored = before + connections.length
      this.#ignoredRaces = races.length
      progress.put(this.#key, {})
    } else if (verdict.near !== undefined) this.#show('tried', verdict.near)
    else this.#show('open', '')
  }

  #reset(): void {
    if (this.#passed) progress.put(this.#key, undefined)
    else this.#begin('')
    this.querySelector<HTMLElement>('.mission-tools a')?.focus()
  }

  #begin(words: string): void {
    this.#closeHints()
    this.#show('open', words)
  }

  #closeHints(): void {
    this.#hints.forEach((hint, index) => {
      hint.open = false
      hint.toggleAttribute('data-waiting', index > 0)
    })
  }

  get #passed(): boolean {
    return progress.get(this.#key) !== undefined
  }

  #show(state: 'open' | 'tried' | 'passed', verdict: string): void {
    const section = this.querySelector('.mission')
    const line = this.querySelector('.mission-verdict')
    section?.setAttribute('data-state', state)
    // The same words again would be read out again.
    if (line !== null && line.textContent !== verdict) line.textContent = verdict
    this.#offerReset()
  }

  #offerReset(): void {
    const begun = this.#hints.some(
      (hint, index) => hint.open || (index > 0 && !hint.hasAttribute('data-waiting')),
    )
    const open = this.querySelector('.mission')?.getAttribute('data-state') === 'open'
    this.querySelector('[data-reset]')?.toggleAttribute('hidden', open && !begun)
  }
}

/** Nobody judges before something has crossed. */
async function judgeOf(mission: string): Promise<Mission> {
  const { isMissionId, MISSIONS } = await import('../../missions/missions.ts')
  if (!isMissionId(mission)) throw new Error(`there is no mission "${mission}"`)
  return MISSIONS[mission]()
}

customElements.define('wire-mission', WireMission)
