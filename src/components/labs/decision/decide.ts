/** Ways to bring news to a page, or back. */
export type Way = 'request' | 'polling' | 'long-polling' | 'sse' | 'websocket' | 'webtransport'

/** What is asked, and what may be answered, in order. */
export const QUESTIONS = {
  first: ['client', 'server', 'both'],
  late: ['minutes', 'seconds', 'now'],
  often: ['rarely', 'often'],
  loss: ['no', 'yes'],
  road: ['open', 'no-upgrade', 'no-stream', 'no-hold'],
} as const
export type Question = keyof typeof QUESTIONS
export type Answers = { readonly [Q in Question]?: (typeof QUESTIONS)[Q][number] }

/** Why a way was chosen: the answer that decided, or what follows from it. */
export type Reason =
  | 'client-first'
  | 'late-enough'
  | 'server-first'
  | 'server-only'
  | 'rarely-back'
  | 'both-often'
  | 'loss-allowed'
  | 'no-upgrade'
  | 'no-stream'
  | 'seconds-late'
  | 'no-hold'

export interface Verdict {
  readonly way: Way
  /** What decided first stands first. */
  readonly because: readonly Reason[]
}

/** Questions that matter, given what is answered: the others cannot change the verdict. */
export function questionsFor(answers: Answers): readonly Question[] {
  if (answers.first === undefined) return ['first']
  if (answers.first === 'client') return ['first']
  if (answers.late === undefined || answers.late === 'minutes') return ['first', 'late']
  if (answers.road === undefined) return ['first', 'late', 'road']
  if (answers.road !== 'open') return ['first', 'late', 'road']
  if (answers.first === 'server') return ['first', 'late', 'road']
  if (answers.often === undefined || answers.often === 'rarely') return ['first', 'late', 'road', 'often']
  return ['first', 'late', 'road', 'often', 'loss']
}

/** What to use; undefined while a question that matters is open. */
export function decide(answers: Answers): Verdict | undefined {
  if (questionsFor(answers).some(question => answers[question] === undefined)) return undefined
  if (answers.first === 'client') return { way: 'request', because: ['client-first'] }
  if (answers.late === 'minutes') return { way: 'polling', because: ['late-enough'] }
  if (answers.road === 'no-hold') return { way: 'polling', because: ['no-hold', 'server-first'] }
  if (answers.road === 'no-stream') return { way: 'long-polling', because: ['no-stream', 'server-first'] }
  // An EventSource goes where HTTP goes.
  if (answers.road === 'no-upgrade')
    return {
      way: 'sse',
      because: ['no-upgrade', answers.first === 'server' ? 'server-only' : 'server-first'],
    }
  if (answers.first === 'server')
    return {
      way: 'sse',
      because: answers.late === 'seconds' ? ['server-only', 'seconds-late'] : ['server-only'],
    }
  if (answers.often === 'rarely') return { way: 'sse', because: ['rarely-back', 'server-first'] }
  if (answers.loss === 'yes') return { way: 'webtransport', because: ['loss-allowed', 'both-often'] }
  return { way: 'websocket', because: ['both-often', 'server-first'] }
}
