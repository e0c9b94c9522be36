/** The reference pages, in the order of a connection's life. */
export const REFERENCE_PAGES = [
  {
    path: 'reference/headers/',
    title: '핸드셰이크 헤더',
    description:
      '핸드셰이크의 요청과 응답에 어떤 헤더가 있어야 하고 무엇을 뜻하는지, 실제로 지나간 값과 함께 봅니다.',
  },
  {
    path: 'reference/opcodes/',
    title: 'opcode',
    description: '프레임의 종류를 알리는 네 비트, 열여섯 값이 저마다 무엇을 뜻하는지 봅니다.',
  },
  {
    path: 'reference/close-codes/',
    title: '종료 코드',
    description: '종료 코드가 저마다 무엇을 뜻하고, 프레임에 실릴 수 있는지, 누가 보내는지 봅니다.',
  },
  {
    path: 'reference/rules/',
    title: '규칙 목록',
    description:
      '이 강의의 실험대와 인스펙터가 바이트마다 대어 보는 규칙을, 어겼을 때 할 일과 함께 모았습니다.',
  },
] as const

export type ReferencePath = (typeof REFERENCE_PAGES)[number]['path']
