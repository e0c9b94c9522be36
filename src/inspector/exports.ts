import { fieldValues } from '#protocol/http-head.ts'
import type { HandshakeCommands } from '#recording/handshake-commands.ts'
import type { Recording } from '#recording/recording.ts'
import type { Inspected } from './inspected.ts'

/** Kinds of file that a recording is exported as, with what each can hold. */
export const EXPORT_FORMATS = [
  {
    id: 'recording',
    label: '기록 (.json)',
    ending: 'json',
    type: 'application/json',
    words: '바이트와 시각, 자바스크립트가 들은 것, 표시까지 모두 담습니다. 이 인스펙터와 강의가 다시 엽니다.',
  },
  {
    id: 'pcapng',
    label: 'pcapng',
    ending: 'pcapng',
    type: 'application/octet-stream',
    words:
      '와이어샤크가 엽니다. 바이트는 그대로이고, TCP 패킷은 담으려고 새로 만든 것입니다. 다시 열면 같은 기록입니다.',
  },
  {
    id: 'har',
    label: 'HAR',
    ending: 'har',
    type: 'application/json',
    words:
      '브라우저 개발자 도구의 형식입니다. 핸드셰이크와 메시지를 담고, 프레임과 마스킹 키는 담지 못합니다. 다시 열면 메시지마다 프레임 하나로 재구성합니다.',
  },
  {
    id: 'hex',
    label: '16진수 덤프',
    ending: 'txt',
    type: 'text/plain',
    words:
      '읽고 쓴 바이트를 16진수로 적습니다. text2pcap과 xxd가 읽습니다. 연결의 끝과 표시는 담지 못합니다.',
  },
] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]['id']

/** Writes a recording in a format. Writers come when they are needed. */
export async function exported(
  recording: Recording,
  format: ExportFormat,
  secrets: 'mask' | 'keep',
): Promise<Uint8Array<ArrayBuffer> | string> {
  switch (format) {
    case 'recording':
      return (await import('#recording/recording-writer.ts')).serializeRecording(recording, { secrets })
    case 'pcapng':
      return (await import('#recording/pcapng-writer.ts')).toPcapng(recording, { secrets })
    case 'har':
      return (await import('#recording/har-writer.ts')).toHar(recording, { secrets })
    case 'hex':
      return (await import('#recording/hex-dump-writer.ts')).toHexDump(recording, { secrets })
  }
}

/** Commands that repeat the handshake of a connection; undefined without a readable request. */
export async function commandsFor(
  { request }: Inspected,
  secure: boolean,
  secrets: 'mask' | 'keep',
): Promise<HandshakeCommands | undefined> {
  const [host] = request ? fieldValues(request.head, 'Host') : []
  if (!request || host === undefined || host === '') return undefined
  const { handshakeCommands } = await import('#recording/handshake-commands.ts')
  const { target } = request.head
  const path = target.startsWith('/') ? target : `/${target}`
  return handshakeCommands(request.head, `${secure ? 'wss' : 'ws'}://${host}${path}`, { secrets })
}

/** Name of a file: what a recording is called, in characters that every system takes. */
export function fileName(title: string, ending: string): string {
  const name = title
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return `${name === '' ? 'websocket' : name}.${ending}`
}
