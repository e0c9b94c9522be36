import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../sandbox-server/config.ts'
import { DEFAULT_LIMITS, limitVariable } from '../../sandbox-server/limits.ts'
import { Networks } from '../../sandbox-server/networks.ts'

test('with nothing set, the sandbox is on port 8787 of this machine alone', () => {
  expect(readConfig({})).toEqual({
    port: 8787,
    host: '127.0.0.1',
    listensOnLoopback: true,
    publicOrigins: [],
    publicHosts: [],
    allowNoOrigin: false,
    trustedProxies: new Networks([]),
    metricsFrom: new Networks([]),
    logLevel: 'warn',
    redisUrl: undefined,
    limits: DEFAULT_LIMITS,
  })
})

test('an empty variable counts as unset', () => {
  const variables = ['PORT', 'HOST', 'PUBLIC_ORIGINS', 'PUBLIC_HOSTS', 'ALLOW_NO_ORIGIN', 'LIMIT_IDLE_MS']
  expect(readConfig(Object.fromEntries(variables.map(each => [each, ''])))).toEqual(readConfig({}))
})

test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('HOST=%s needs no origins', HOST => {
  expect(readConfig({ HOST }).listensOnLoopback).toBe(true)
})

test('a public sandbox is reached under the hosts of its origins and those named', () => {
  const config = readConfig({
    HOST: '0.0.0.0',
    PUBLIC_ORIGINS: 'https://course.example, http://other.example:8080',
    PUBLIC_HOSTS: 'sandbox.example,192.0.2.7',
    ALLOW_NO_ORIGIN: '1',
  })
  expect(config).toMatchObject({
    listensOnLoopback: false,
    publicOrigins: ['https://course.example', 'http://other.example:8080'],
    publicHosts: ['course.example', 'other.example', 'sandbox.example', '192.0.2.7'],
    allowNoOrigin: true,
  })
})

test('every limit has a variable of its own', () => {
  const names = Object.keys(DEFAULT_LIMITS)
  expect(limitVariable('pingIntervalMs')).toBe('LIMIT_PING_INTERVAL_MS')
  const environment = Object.fromEntries(names.map(name => [limitVariable(name), '77']))
  expect(readConfig(environment).limits).toEqual(Object.fromEntries(names.map(name => [name, 77])))
})

describe('a value that cannot be used is refused in a sentence that names its variable', () => {
  const bad: Record<string, string>[] = [
    { PORT: 'http' },
    { PORT: '-1' },
    { PORT: '65536' },
    { PORT: '80.5' },
    { PORT: '0x50' },
    { PORT: ' 80' },
    { HOST: 'http://localhost' },
    { TRUSTED_PROXIES: 'proxy.example' },
    { METRICS_FROM: '*' },
    { LOG_LEVEL: 'loud' },
    { TRUSTED_PROXIES: '10.0.0.0/33' },
    { PUBLIC_ORIGINS: 'course.example' },
    { PUBLIC_ORIGINS: 'https://course.example/' },
    { PUBLIC_ORIGINS: '*' },
    { PUBLIC_ORIGINS: 'https://ok.example,ftp://course.example' },
    { PUBLIC_HOSTS: 'https://sandbox.example' },
    { PUBLIC_HOSTS: 'sandbox.example:8080' },
    { ALLOW_NO_ORIGIN: 'yes' },
    { LIMIT_IDLE_MS: '0' },
    { LIMIT_IDLE_MS: '10s' },
    { LIMIT_IDLE_MS: '2147483648' },
    { LIMIT_PATIENCE: '1' },
    { LIMIT_REQUEST_MS: '100' },
  ]
  test.each(bad.map(environment => [environment]))('%o', environment => {
    const [variable = ''] = Object.keys(environment)
    expect(() => readConfig(environment)).toThrow(ConfigError)
    expect(() => readConfig(environment)).toThrow(new RegExp(`^${variable}\\b`))
  })

  test('a sandbox open to other machines must know whose pages may use it', () => {
    expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/^HOST=0\.0\.0\.0 .*PUBLIC_ORIGINS/)
    expect(() => readConfig({ HOST: '::' })).toThrow(ConfigError)
  })
})

test.each(['redis://127.0.0.1:6379', 'rediss://:secret@redis.example/1'])(
  '%s is where instances meet',
  url => {
    expect(readConfig({ REDIS_URL: url }).redisUrl).toBe(url)
  },
)

test.each(['127.0.0.1:6379', 'http://127.0.0.1', 'redis:', 'redis://'])(
  'REDIS_URL=%s is refused, and not repeated, as it may hold a password',
  url => {
    const refused = () => readConfig({ REDIS_URL: url })
    expect(refused).toThrow(ConfigError)
    expect(refused).toThrow(/^REDIS_URL must be the address of a Redis \(redis:\/\/127\.0\.0\.1:6379,/)
  },
)
