import { isMissionId, MISSIONS, type MissionId } from '../../missions/missions.ts'
import { readAnswer, writeAnswer } from '../lesson/answers.ts'
import type { CapturedConnection } from '../../wire/captured-connection.ts'
import { watchWire, type LabWire } from '../../wire/page-wire.ts'

const PASSED = '와이어에서 확인했습니다. 통과입니다.'
const PASSED_BEFORE = '전에 통과한 미션입니다.'
const ABSENT = '샌드박스가 없어 지금은 판정할 수 없습니다. 실험대가 다시 연결되면 이어서 판정합니다.'
const RESET = '처음으로 돌렸습니다. 새로 연결하면 다시 판정합니다.'

/** Judges a mission by the wire of its lab, and remembers that it was passed. Without script the text is there. */
class WireMission extends HTMLElement {
  #stop: () => void = () => {}
  /** Also where the browser keeps nothing. */
  #passed = false
  /** The connection that passed: after a reset only a new one counts. */
  #ignored: CapturedConnection | undefined

  connectedCallback(): void {
    const { mission = '', lab = '' } = this.dataset
    if (!isMissionId(mission)) throw new Error(`there is no mission "${mission}"`)
    this.#passed = readAnswer('missions', this.#lesson, mission) === 'passed'
    if (this.#passed) this.#show('passed', PASSED_BEFORE)
    this.#stop = watchWire(lab, wire => this.#judge(mission, wire))
    this.querySelector('[data-reset]')?.addEventListener('click', () => this.#reset(mission))
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  #judge(mission: MissionId, { connection, absent }: LabWire): void {
    if (this.#passed) return
    if (absent) {
      this.#show('open', ABSENT)
      return
    }
    if (connection === undefined || connection === this.#ignored) return
    const verdict = MISSIONS[mission](connection)
    if (verdict.passed) {
      this.#keep(mission, true)
      this.#ignored = connection
      this.#show('passed', PASSED)
    } else if (verdict.near !== undefined) this.#show('tried', verdict.near)
    else this.#show('open', '')
  }

  #reset(mission: MissionId): void {
    this.#keep(mission, false)
    this.#show('open', RESET)
  }

  get #lesson(): string {
    return this.closest<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? ''
  }

  #keep(mission: MissionId, passed: boolean): void {
    this.#passed = passed
    writeAnswer('missions', this.#lesson, mission, passed ? 'passed' : undefined)
  }

  #show(state: 'open' | 'tried' | 'passed', verdict: string): void {
    const section = this.querySelector('.mission')
    const line = this.querySelector('.mission-verdict')
    section?.setAttribute('data-state', state)
    // The same words again would be read out again.
    if (line !== null && line.textContent !== verdict) line.textContent = verdict
    this.querySelector('[data-reset]')?.toggleAttribute('hidden', state !== 'passed')
  }
}

customElements.define('wire-mission', WireMission)
