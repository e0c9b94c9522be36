import { isLoopbackName } from './host-name.ts'
import { DEFAULT_LIMITS, limitVariable, type Limits } from './limits.ts'
import { Networks } from './networks.ts'

/** From what is least important to nothing at all. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  readonly port: number
  readonly host: string
  /** Whether only this machine can reach the sandbox. */
  readonly listensOnLoopback: boolean
  /** Origins besides the sandbox's own whose pages may use it, serialised as browsers do. */
  readonly publicOrigins: readonly string[]
  /** Host names besides the loopback ones under which the sandbox is reached, lower case, without ports. */
  readonly publicHosts: readonly string[]
  /** Whether a client that names no Origin, so is no browser, may use a sandbox that is reached from elsewhere. */
  readonly allowNoOrigin: boolean
  /** Proxies in front of the sandbox, whose `X-Forwarded-For` says who asks. */
  readonly trustedProxies: Networks
  /** Who may read the metrics, besides this machine. */
  readonly metricsFrom: Networks
  readonly logLevel: LogLevel
  /** The Redis over which this sandbox is one with others, if there are any. */
  readonly redisUrl: string | undefined
  readonly limits: Limits
}

/** A variable of the environment that cannot be used; the message names it and says what it wants. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the configuration from the environment. An empty variable counts as unset.
 * @throws ConfigError
 */
export function readConfig(environment: Environment): Config {
  const host = environment['HOST'] || '127.0.0.1'
  if (/[\s/]/.test(host))
    throw new ConfigError(`HOST must be a host name or an address to listen on, not "${host}"`)
  const publicOrigins = list(environment['PUBLIC_ORIGINS']).map(readOrigin)
  const listensOnLoopback = isLoopbackName(host)
  if (!listensOnLoopback && publicOrigins.length === 0)
    throw new ConfigError(
      `HOST=${host} can be reached from other machines, so PUBLIC_ORIGINS must name the origins whose pages may use the sandbox (for example PUBLIC_ORIGINS=https://course.example)`,
    )
  return {
    port: readPort(environment['PORT']),
    host,
    listensOnLoopback,
    publicOrigins,
    publicHosts: [
      ...publicOrigins.map(origin => new URL(origin).hostname),
      ...list(environment['PUBLIC_HOSTS']).map(readHost),
    ],
    allowNoOrigin: readSwitch('ALLOW_NO_ORIGIN', environment['ALLOW_NO_ORIGIN']),
    trustedProxies: readNetworks('TRUSTED_PROXIES', environment),
    metricsFrom: readNetworks('METRICS_FROM', environment),
    // Whoever tries it on their own machine wants to hear of trouble only.
    logLevel: readLogLevel(environment['LOG_LEVEL']) ?? (listensOnLoopback ? 'warn' : 'info'),
    redisUrl: readRedisUrl(environment['REDIS_URL']),
    limits: readLimits(environment),
  }
}

function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '')
}

function readPort(value: string | undefined): number {
  if (!value) return 8787
  const port = Number(value)
  if (!/^\d{1,5}$/.test(value) || port > 65535)
    throw new ConfigError(`PORT must be a whole number from 0 (any free port) to 65535, not "${value}"`)
  return port
}

function readOrigin(value: string): string {
  const url = URL.parse(value)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.origin !== value.toLowerCase())
    throw new ConfigError(
      `PUBLIC_ORIGINS must be origins separated by commas, scheme and host without a path (https://course.example), not "${value}"`,
    )
  return url.origin
}

function readHost(value: string): string {
  const url = URL.parse(`http://${value}`)
  if (!url || url.hostname !== value.toLowerCase())
    throw new ConfigError(
      `PUBLIC_HOSTS must be host names separated by commas, without scheme or port (sandbox.example), not "${value}"`,
    )
  return url.hostname
}

function readNetworks(name: string, environment: Environment): Networks {
  try {
    return new Networks(list(environment[name]))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new ConfigError(
      `${name} must be addresses or networks separated by commas (127.0.0.1, 10.0.0.0/8): ${error.message}`,
    )
  }
}

function readLogLevel(value: string | undefined): LogLevel | undefined {
  const level = LOG_LEVELS.find(each => each === value)
  if (value && !level)
    throw new ConfigError(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${value}"`)
  return level
}

function readRedisUrl(value: string | undefined): string | undefined {
  if (!value) return undefined
  const url = URL.parse(value)
  // It may hold a password, so it is not repeated.
  if (!url || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '')
    throw new ConfigError(
      'REDIS_URL must be the address of a Redis (redis://127.0.0.1:6379, rediss:// for TLS)',
    )
  return value
}

function readSwitch(name: string, value: string | undefined): boolean {
  if (value && value !== '0' && value !== '1') throw new ConfigError(`${name} must be 0 or 1, not "${value}"`)
  return value === '1'
}

function readLimits(environment: Environment): Limits {
  const limits: Record<string, number> & Limits = { ...DEFAULT_LIMITS }
  const variables = new Map(Object.keys(DEFAULT_LIMITS).map(name => [limitVariable(name), name]))
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('LIMIT_') || !value) continue
    const name = variables.get(variable)
    if (name === undefined)
      throw new ConfigError(`${variable} is not a limit; there are ${[...variables.keys()].join(', ')}`)
    // Node's timers take no more than 31 bits of milliseconds.
    if (!/^\d{1,10}$/.test(value) || Number(value) < 1 || Number(value) > 0x7fffffff)
      throw new ConfigError(`${variable} must be a whole number from 1 to 2147483647, not "${value}"`)
    limits[name] = Number(value)
  }
  if (limits.requestMs < limits.headMs)
    throw new ConfigError(
      `LIMIT_REQUEST_MS (${limits.requestMs}) must not be below LIMIT_HEAD_MS (${limits.headMs})`,
    )
  return limits
}
