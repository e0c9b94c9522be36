import { opcodeInfo, type OpcodeInfo } from '#protocol/opcodes.ts'

const WORDS: Readonly<Record<OpcodeInfo['name'], readonly [label: string, sentence: string]>> = {
  continuation: ['이어지는 프레임', '앞에서 시작한 메시지를 이어 갑니다.'],
  text: ['텍스트', 'UTF-8 텍스트 메시지를 시작합니다.'],
  binary: ['바이너리', '바이너리 메시지를 시작합니다.'],
  close: ['종료', '연결을 끝내자고 알리거나 그 알림에 답합니다.'],
  ping: ['핑', '상대가 응답하는지 확인합니다.'],
  pong: ['퐁', '핑에 답하거나 스스로 살아 있음을 알립니다.'],
  reserved: ['예약됨', '아직 뜻이 정해지지 않아 받은 쪽이 연결을 끝내야 합니다.'],
}

/** What an opcode is called and what it does; only its low four bits count. */
export function opcodeWords(opcode: number): { readonly label: string; readonly sentence: string } {
  const [label, sentence] = WORDS[opcodeInfo(opcode).name]
  return { label, sentence }
}
