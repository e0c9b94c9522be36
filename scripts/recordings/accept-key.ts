import { acceptFor } from '#protocol/accept.ts'
import { fieldValues } from '#protocol/http-head.ts'
import { acceptBy } from '../../src/components/labs/wrong-accept/accept-recipe.ts'
import { acceptance } from '../../src/inspector/sources/served-session.ts'
import type { Scenario } from './scenario.ts'

export const acceptKey: readonly Scenario[] = [
  {
    file: 'accept-key',
    title: '수락 값 계산기',
    play: async recorder => [
      await recorder.browser({
        lab: 'echo',
        async play(socket) {
          await socket.told('open')
          await socket.close(1000)
        },
      }),
    ],
    story: ['new client server open close() client server close'],
  },
  {
    file: 'wrong-accept',
    title: '내가 계산하는 서버',
    play: async recorder => [
      await recorder.served({
        answer(request) {
          const [key = ''] = fieldValues(request, 'Sec-WebSocket-Key')
          const wrong = acceptBy({ key: 'as-is', guid: 'after', digest: 'hex', spelling: 'base64' }, key)
          return acceptance(request).replace(acceptFor(key), wrong)
        },
        play: socket => socket.told('close'),
      }),
    ],
    story: ['new client server error close'],
  },
]
