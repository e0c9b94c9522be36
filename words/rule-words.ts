/** A rule of the catalogue in one language: what it is called, and the rule itself in one sentence. */
export interface RuleWords {
  readonly title: string
  readonly sentence: string
}
