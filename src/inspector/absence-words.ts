import type { Absence } from '../sandbox/absence.ts'

/** What the inspector says when there is no sandbox: what happened, why, what to do. Files can be opened all the same. */
export const INSPECTOR_ABSENCE: Readonly<Record<Absence, string>> = {
  unreachable:
    '샌드박스에 닿지 못했습니다. 저장소 폴더에서 npm start로 샌드박스를 켠 뒤 다시 연결해 주십시오. 기록은 샌드박스 없이도 열 수 있습니다.',
  'local-network':
    '공개된 주소의 페이지가 이 컴퓨터의 샌드박스에 닿지 못했습니다. 브라우저가 로컬 네트워크 접근(Local Network Access) 허용을 물으면 허용하고, 샌드박스가 켜져 있는지 확인한 뒤 다시 연결해 주십시오.',
  insecure:
    '이 사이트에 적힌 샌드박스의 주소가 암호화되지 않은 ws여서, https 페이지에서는 브라우저가 그 연결을 막습니다. 이 사이트를 운영한다면 PUBLIC_SANDBOX_URL을 wss 주소로 바꿔 다시 빌드해 주십시오. 기록은 샌드박스 없이도 열 수 있습니다.',
  incompatible:
    '샌드박스와 이 페이지의 버전이 달라 연결할 수 없습니다. 페이지를 새로 고치거나 샌드박스를 새 버전으로 바꿔 주십시오.',
  refused:
    '샌드박스가 이 연결을 받지 않았습니다. 그런 이름의 랩이 없거나 이 페이지의 연결이 이미 많을 때 그렇습니다. 랩의 이름을 확인하고 다시 연결해 주십시오.',
  lost: '샌드박스와 연결이 끊겼습니다. 지금까지 지나간 바이트는 그대로 있습니다. 샌드박스가 다시 켜지면 다시 연결해 주십시오.',
}
