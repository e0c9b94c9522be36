/**
 * Whether the sandbox keeps what is promised under load and under attack: `npm run load`, or a part of it, as in
 * `npm run load -- idle active faults alone leaks`. Ends with 1 when a promise is broken.
 */
import { measureFaults, measureLeaks, measureAlone } from './load/measure-faults.ts'
import { measureActive, measureIdle, type LoadScale } from './load/load.ts'
import { tooFewFiles } from './load/open-files.ts'
import { Report } from './load/report.ts'

const SCALE: LoadScale = { idle: 10_000, readers: 1_000, seconds: 60 }

const PARTS: Readonly<Record<string, (report: Report) => Promise<void>>> = {
  idle: report => measureIdle(report, SCALE),
  active: report => measureActive(report, SCALE),
  faults: measureFaults,
  alone: measureAlone,
  leaks: measureLeaks,
}

const asked = process.argv.slice(2)
const unknown = asked.find(name => !(name in PARTS))
const problem =
  unknown === undefined
    ? tooFewFiles(SCALE.idle)
    : `There is no part "${unknown}" of the load; there are ${Object.keys(PARTS).join(', ')}.`
if (problem === undefined) {
  const report = new Report('the sandbox under load')
  for (const [name, measure] of Object.entries(PARTS))
    if (asked.length === 0 || asked.includes(name)) await measure(report)
  process.exitCode = report.end()
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
