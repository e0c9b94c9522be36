import type { LabSource } from './lab-source.svelte.ts'

/** The badge of a lab's plate: the state that it is drawn as, and its words. */
export interface PlateBadge {
  readonly state: 'waiting' | 'connecting' | 'live' | 'recording' | 'error'
  readonly words: string
}

/** @param recordedBy the client of the recording that is on show; undefined: the reader's own connection is */
export function plateBadge(source: LabSource, recordedBy: string | undefined): PlateBadge {
  const recording = `기록 · ${recordedBy ?? ''}`
  switch (source.state) {
    case 'absent':
      return { state: 'error', words: `오류 · ${recordedBy === undefined ? '내 연결' : recording}` }
    case 'connecting':
      return { state: 'connecting', words: '연결 중' }
    case 'live': {
      const { openedIn } = source
      return {
        state: 'live',
        words: openedIn === undefined ? '실시간 · 연결됨' : `실시간 · 연결됨 ${openedIn.toFixed(1)} ms`,
      }
    }
    case 'ended': {
      const { closed } = source
      return { state: 'waiting', words: closed === undefined ? '끊김' : `끊김 · ${closed.code}` }
    }
    case 'waiting':
      return { state: 'recording', words: `대기 · ${recording}` }
  }
}
