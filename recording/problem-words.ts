import { MAX_FILE_BYTES } from './limits.ts'
import type { RecordingError, RecordingProblem } from './recording-error.ts'

const SENTENCES: Readonly<Record<RecordingProblem, string>> = {
  'unknown-kind':
    '읽을 수 있는 파일이 아닙니다. 기록(JSON), pcapng, pcap, HAR, 16진수 덤프를 열 수 있습니다.',
  'too-large': `파일이 너무 큽니다. ${MAX_FILE_BYTES / (1024 * 1024)} MiB까지 열 수 있으니 필요한 연결만 남겨 다시 저장합니다.`,
  'newer-version': '더 새로운 버전이 쓴 파일입니다. 페이지를 새로 고친 다음 다시 엽니다.',
  damaged: '파일이 손상되었거나 형식에 맞지 않습니다. 원본을 다시 받거나 다시 저장합니다.',
  unsupported: '형식은 알지만 읽지 못하는 내용이 들어 있는 파일입니다. 다른 형식으로 다시 저장합니다.',
  'nothing-inside':
    '파일에 웹소켓 연결이 없습니다. TLS로 암호화된 연결(wss)은 캡처에 담겨 있어도 내용을 읽을 수 없습니다.',
}

/** What a reader is told of a file that could not be read: a Korean sentence or two, and where the trouble is. */
export function problemSentence({ problem, where }: RecordingError): string {
  return where === '' ? SENTENCES[problem] : `${SENTENCES[problem]} 문제가 있는 곳: ${where}`
}
