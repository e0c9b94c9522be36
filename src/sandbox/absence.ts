/**
 * Why there is no sandbox: the page has a sentence for each. `insecure`: the browser keeps an https page from an address
 * that is not encrypted (Mixed Content §4).
 */
export type Absence = 'unreachable' | 'local-network' | 'insecure' | 'incompatible' | 'refused' | 'lost'

/** The sandbox cannot serve this page now. */
export class SandboxAbsent extends Error {
  override readonly name = 'SandboxAbsent'
  readonly why: Absence
  constructor(why: Absence, detail: string) {
    super(detail)
    this.why = why
  }
}
