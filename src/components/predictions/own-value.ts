import { watchWire, type LabWire } from '../../wire/page-wire.ts'

/** What stood on the reader's own wire where the recording has the value a prediction is compared with. */
class OwnValue extends HTMLElement {
  #stop: () => void = () => {}

  connectedCallback(): void {
    this.#stop = watchWire(this.dataset['lab'] ?? '', wire => void this.#show(wire))
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  async #show({ connections }: LabWire): Promise<void> {
    const connection = connections.at(-1)
    if (!connection || connection.items.length === 0) return
    // Nobody needs the parser before something has crossed.
    const { ownValue } = await import('./own-value-reader.ts')
    const text = ownValue(connection.items, this.dataset['value'] ?? '', this.dataset['payload'])
    const words = text === undefined ? '같은 메시지를 보내면 나옵니다' : text + (this.dataset['unit'] ?? '')
    if (this.textContent !== words) this.textContent = words
    this.closest('[data-own]')?.toggleAttribute('hidden', false)
  }
}

customElements.define('own-value', OwnValue)
