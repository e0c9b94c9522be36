import type { Span } from '#words/span.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { explainFrame } from '#words/ko/frame-spans.ts'
import { explainHead } from '#words/ko/head-spans.ts'
import type { Worded } from '#words/ko/span-words.ts'
import { grouped } from './grouped.ts'

/** The named spans of whatever crossed; bytes without a structure of their own are one span. */
export function itemSpans(item: TraceItem): Worded<Span>[] {
  switch (item.kind) {
    case 'request':
    case 'response':
      return explainHead(item.head)
    case 'frame':
      return explainFrame(item.frame)
    case 'body':
      return [
        whole(
          item.bytes,
          'body',
          'HTTP 본문',
          '응답 헤더 뒤에 온 본문이며 프레임이 아닙니다.',
          'RFC 9112 §6',
        ),
      ]
    case 'fault':
      return [
        whole(
          item.bytes,
          'fault',
          '해석할 수 없는 바이트',
          '규칙을 어긴 뒤라 뜻을 알 수 없습니다.',
          'RFC 6455 §7.1.7',
        ),
      ]
  }
}

function whole(
  bytes: Uint8Array,
  id: string,
  label: string,
  sentence: string,
  section: string,
): Worded<Span> {
  const value = `${grouped(bytes.length)}바이트`
  return { id, name: id, label, value, sentence, start: 0, end: bytes.length, section }
}
