import type { Browser } from 'playwright-core'

/** One task of a page's main thread, in milliseconds. */
export interface Task {
  /** From its beginning to its end, whatever else the machine did meanwhile. */
  readonly took: number
  /** What the thread itself worked. */
  readonly worked: number
}

interface TraceEvent {
  readonly ph: string
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/**
 * Every task of the browser's page threads while `act` goes on, by Chromium's own trace: it tells the thread's time
 * apart from the time that passed, so that a busy machine is not taken for a slow page.
 */
export async function tasksDuring(browser: Browser, act: () => Promise<unknown>): Promise<Task[]> {
  const devtools = await browser.newBrowserCDPSession()
  await devtools.send('Tracing.start', {
    transferMode: 'ReturnAsStream',
    traceConfig: {
      includedCategories: ['toplevel'],
      excludedCategories: ['*'],
      traceBufferSizeInKb: 1_000_000,
    },
  })
  await act()
  const complete = new Promise<{ stream?: string; dataLossOccurred: boolean }>(resolve =>
    devtools.once('Tracing.tracingComplete', resolve),
  )
  await devtools.send('Tracing.end')
  const { stream = '', dataLossOccurred } = await complete
  if (dataLossOccurred) throw new Error('the trace has lost events')
  const threads = new Set<string>()
  const tasks: TraceEvent[] = []
  const take = (event: TraceEvent | undefined) => {
    if (!event) return
    if (event.name === 'thread_name' && event.args?.name === 'CrRendererMain') threads.add(threadOf(event))
    else if (event.ph === 'X' && event.name.endsWith('RunTask')) tasks.push(event)
  }
  // The trace of a minute is longer than a string can be: its events come one to a line.
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { data, base64Encoded, eof } = await devtools.send('IO.read', {
      handle: stream,
      size: 8 * 1024 * 1024,
    })
    const bytes = Buffer.from(data, base64Encoded === true ? 'base64' : 'utf8')
    const lines = (rest + decoder.decode(bytes, { stream: !eof })).split('\n')
    rest = eof ? '' : (lines.pop() ?? '')
    for (const line of lines) take(eventIn(line))
    if (eof) break
  }
  await devtools.send('IO.close', { handle: stream })
  await devtools.detach()
  if (tasks.length === 0 || threads.size === 0) throw new Error('the trace has no tasks of a page')
  return tasks
    .filter(event => threads.has(threadOf(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ took: dur / 1000, worked: tdur / 1000 }))
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`

/** The event that a line of a trace is, where it is one of those that count. */
function eventIn(line: string): TraceEvent | undefined {
  if (!line.includes('RunTask"') && !line.includes('"thread_name"')) return undefined
  const [, event] = /^(\{.*\})(?:,|\],?)?$/.exec(line) ?? []
  return event === undefined ? undefined : (JSON.parse(event) as TraceEvent)
}
