import { describe, expect, test } from 'vitest'
import { LocalBus } from '../../../sandbox-server/bus/bus.ts'

describe('the bus of a sandbox that is alone', () => {
  test('has every subscriber of a channel hear what is published on it, but for who publishes it', () => {
    const bus = new LocalBus()
    const heard: string[] = []
    const listen = (channel: string, name: string) =>
      bus.subscribe(channel, bytes => heard.push(`${name} ${bytes.toString()}`))
    const first = listen('방', '첫째')
    listen('방', '둘째')
    listen('다른 방', '셋째')
    bus.publish('방', Buffer.from('모두'))
    bus.publish('방', Buffer.from('남들'), first)
    expect(heard).toEqual(['첫째 모두', '둘째 모두', '둘째 남들'])
  })

  test('has nobody hear anything after the end of their subscription, and may be ended twice', () => {
    const bus = new LocalBus()
    const heard: string[] = []
    const first = bus.subscribe('방', bytes => heard.push(bytes.toString()))
    first.end()
    const second = bus.subscribe('방', bytes => heard.push(`다시 ${bytes.toString()}`))
    first.end()
    bus.publish('방', Buffer.from('말'))
    second.end()
    bus.publish('방', Buffer.from('없음'))
    expect(heard).toEqual(['다시 말'])
  })
})
