import type { Absence } from '../sandbox/absence.ts'

/** What a lab says when there is no sandbox: what happened, why, what to do. */
export const ABSENCE_WORDS: Readonly<Record<Absence, string>> = {
  unreachable:
    '샌드박스에 닿지 못해 기록을 보여 드립니다. 저장소 폴더에서 npm start로 샌드박스를 켠 뒤 다시 연결해 주십시오.',
  'local-network':
    '공개된 주소의 페이지가 이 컴퓨터의 샌드박스에 닿지 못해 기록을 보여 드립니다. 브라우저가 로컬 네트워크 접근(Local Network Access)을 물으면 허용한 뒤 다시 연결해 주십시오.',
  insecure:
    '이 사이트의 샌드박스 주소가 암호화되지 않은 ws여서 브라우저가 막으므로 기록을 보여 드립니다. 이 사이트를 운영한다면 PUBLIC_SANDBOX_URL을 wss 주소로 바꿔 다시 빌드해 주십시오.',
  incompatible:
    '샌드박스와 이 페이지의 버전이 달라 기록을 보여 드립니다. 페이지를 새로 고치거나 샌드박스를 새 버전으로 바꿔 주십시오.',
  refused: '샌드박스가 새 연결을 받지 않아 기록을 보여 드립니다. 잠시 뒤에 다시 연결해 주십시오.',
  lost: '샌드박스와 연결이 끊겨 기록을 보여 드립니다. 샌드박스가 돌아오는지 이 페이지가 계속 확인합니다.',
}

/** What a lab says when its sandbox has come back by itself. */
export const BACK_WORDS = '샌드박스가 돌아왔습니다. 다시 연결할 수 있습니다.'

/** What a lab says while the instances of its sandbox cannot reach each other. */
export const BUS_LOST_WORDS =
  '샌드박스의 인스턴스들이 서로 닿지 못하고 있습니다. 이어질 때까지 새 연결이 거절될 수 있고, 다른 인스턴스에 닿은 연결의 바이트는 나중에 보입니다.'
