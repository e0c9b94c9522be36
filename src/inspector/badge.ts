import { KIND_WORDS } from './connect-wishes.ts'
import type { Inspector } from './inspector.ts'

/** What the badge says: one of the states of a plate, and words. */
export interface Badge {
  readonly state: 'waiting' | 'connecting' | 'live' | 'recording' | 'error'
  readonly words: string
}

export function badgeOf(inspector: Inspector): Badge {
  const { state, source, recording, opening } = inspector
  switch (state) {
    case 'empty':
      return { state: 'waiting', words: '대기' }
    case 'opening':
      return {
        state: 'connecting',
        words: `여는 중 · ${opening ? Math.round((opening.taken / Math.max(opening.all, 1)) * 100) : 0}%`,
      }
    case 'connecting':
      return { state: 'connecting', words: '연결 중' }
    case 'live': {
      const opened = source?.script?.openedIn
      return { state: 'live', words: `실시간${opened === undefined ? '' : ` · ${opened.toFixed(1)} ms`}` }
    }
    case 'paused':
      return { state: 'live', words: '실시간 · 멈춰서 보는 중' }
    case 'ended': {
      const closed = source?.script?.closed
      return { state: 'waiting', words: closed ? `끊김 · ${closed.code}` : '끊김' }
    }
    case 'recording': {
      const client = recording?.recording.client ?? ''
      return { state: 'recording', words: `기록${client === '' ? '' : ` · ${client}`}` }
    }
    case 'replaying':
      return { state: 'recording', words: '기록 · 재생 중' }
    case 'error':
      return { state: 'error', words: '오류' }
  }
}

/** What is inspected, in a few words. @param lab that a live source was connected to */
export function titleOf({ recording, source }: Inspector, lab: string): string {
  if (recording) return recording.recording.title === '' ? '기록' : recording.recording.title
  if (!source) return '연결하거나 기록을 엽니다'
  return `${KIND_WORDS[source.kind].label} · ${source.kind === 'server' ? '내가 맡은 서버' : lab}`
}
