import { describe, expect, it } from 'vitest'
import { RULE_IDS } from '#protocol/rules.ts'
import * as english from '#words/en/rules.ts'
import * as korean from '#words/ko/rules.ts'

describe('the words of the catalogue', () => {
  it.each(RULE_IDS)('say in both languages what %s is', id => {
    const { title, sentence } = korean.ruleWords(id)
    expect(title).toMatch(/[가-힣]|GET/)
    expect(sentence).toMatch(/다\.$/)
    expect(sentence).not.toMatch(/간단히|그냥|쉽게|단지/)
    expect(english.ruleWords(id).title).toMatch(/^\w/)
    expect(english.ruleWords(id).sentence).toMatch(/^[A-Z].*\.$/)
    expect(korean.dutyWords(id, 'client')).toMatch(/다\.$/)
    expect(english.dutyWords(id, 'client')).toMatch(/\.$/)
  })

  it('call no two rules the same', () => {
    for (const { ruleWords } of [korean, english]) {
      expect(new Set(RULE_IDS.map(id => ruleWords(id).title)).size).toBe(RULE_IDS.length)
      expect(new Set(RULE_IDS.map(id => ruleWords(id).sentence)).size).toBe(RULE_IDS.length)
    }
  })

  it('explain a violation: who broke what where, what follows, and where it is written', () => {
    const violation = { rule: 'client-masks', by: 'client', offset: 12, closeCode: 1002 } as const
    expect(korean.explainViolation(violation)).toBe(
      '클라이언트가 보낸 오프셋 12의 바이트에서 규칙이 깨졌습니다: 클라이언트가 보내는 모든 프레임은 마스킹해야 합니다. 받은 쪽은 코드 1002로 연결을 끝냅니다. (RFC 6455 §5.1)',
    )
    expect(english.explainViolation(violation)).toBe(
      'The client broke a rule at byte 12: A client must mask every frame it sends. The other side fails the connection with 1002. (RFC 6455 §5.1)',
    )
  })

  it.each([
    ['head-folding', 'client', '서버는 400 응답으로 거절합니다.', 'The server refuses with 400.'],
    ['head-folding', 'server', '받은 쪽은 연결을 실패로 처리합니다.', 'The other side fails the connection.'],
    ['request-deflate', 'client', '받은 쪽은 그 제안을 거절합니다.', 'The other side declines the offer.'],
    [
      'data-after-close',
      'server',
      '받은 쪽이 꼭 해야 할 일은 없습니다.',
      'The other side need not do anything.',
    ],
  ] as const)('say what %s, broken by a %s, asks for', (rule, by, ko, en) => {
    expect(korean.dutyWords(rule, by)).toBe(ko)
    expect(english.dutyWords(rule, by)).toBe(en)
  })
})
