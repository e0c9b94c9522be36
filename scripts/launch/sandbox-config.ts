// Run by the launcher before anything long: says in one sentence what is wrong with the sandbox's settings.
import { ConfigError, readConfig } from '../../sandbox-server/config.ts'

try {
  readConfig(process.env)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
