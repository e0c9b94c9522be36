import type { PatternAnswer, PatternTask } from './pattern-tester.ts'

// Holds a reader's regular expression against texts, away from the page: one test cannot be interrupted, but a worker
// can be ended. All in one file: what a worker imports would not be known to come from the page's build.
addEventListener('message', ({ data: { pattern, texts } }: MessageEvent<PatternTask>) => {
  const answer: PatternAnswer = texts.map(text => pattern.test(text))
  postMessage(answer)
})
const ready: PatternAnswer = []
postMessage(ready)
