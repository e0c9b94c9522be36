import { describe, expect, test } from 'vitest'
import { checkSiteSettings } from '../../site-build/site-settings.ts'

describe('the settings of a site', () => {
  test.each([
    ['nothing', {}],
    ['empty variables', { SITE_URL: '', PUBLIC_SANDBOX_URL: '' }],
    ['an encrypted sandbox', { SITE_URL: 'https://a.example', PUBLIC_SANDBOX_URL: 'https://b.example' }],
    ['a plain site and sandbox', { SITE_URL: 'http://a.example', PUBLIC_SANDBOX_URL: 'ws://b.example' }],
    ['a site without an address', { PUBLIC_SANDBOX_URL: 'ws://b.example' }],
    [
      "the reader's own sandbox",
      { SITE_URL: 'https://a.example', PUBLIC_SANDBOX_URL: 'ws://127.0.0.1:8787' },
    ],
    ['the same by name', { SITE_URL: 'https://a.example', PUBLIC_SANDBOX_URL: 'http://localhost:8787' }],
    ['the same over IPv6', { SITE_URL: 'https://a.example', PUBLIC_SANDBOX_URL: 'ws://[::1]:8787' }],
  ])('may be %s', (_what, environment) => {
    expect(() => checkSiteSettings(environment)).not.toThrow()
  })

  test.each([
    ['SITE_URL', { SITE_URL: 'course.example' }, 'expected a URL such as https://course.example'],
    ['PUBLIC_SANDBOX_URL', { PUBLIC_SANDBOX_URL: 'ftp://b.example' }, 'expected a URL such as wss://'],
  ])('are refused by name: %s', (name, environment, sentence) => {
    expect(() => checkSiteSettings(environment)).toThrow(new RegExp(`^${name} is .*${sentence}`))
  })

  test.each([
    'ws://b.example',
    'http://192.168.0.7:8787',
    'ws://localhost.b.example',
    'ws://127.evil.example',
  ])('are refused when an https site names the sandbox %s, which browsers keep its pages from', url => {
    expect(() => checkSiteSettings({ SITE_URL: 'https://a.example', PUBLIC_SANDBOX_URL: url })).toThrow(
      /may not connect to it.*Give the sandbox a wss:\/\/ address/,
    )
  })
})
