// Run by the launcher before anything long, with `site`, `sandbox` or both: says in one sentence what is wrong with
// their settings.
import { ConfigError, readConfig } from '../../sandbox-server/config.ts'
import { checkSiteSettings, SettingError } from '../../site-build/site-settings.ts'

const whose = process.argv.slice(2)
try {
  if (whose.includes('sandbox')) readConfig(process.env)
  if (whose.includes('site')) checkSiteSettings(process.env)
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof SettingError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
