/** What of a lesson there is to do, and what was done of it. */
export interface LessonCounts {
  readonly questions: number
  readonly answered: number
  readonly right: number
  readonly missions: number
  readonly passed: number
}

export function countsWords({ questions, answered, right, missions, passed }: LessonCounts): string {
  return [
    questions > 0 ? `확인 문제 ${questions}개 가운데 ${answered}개에 답함` : '',
    answered > 0 ? `맞힘 ${right}개` : '',
    missions > 0 ? `미션 ${missions}개 가운데 ${passed}개 통과` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The same of all lessons. */
export function sumWords(lessons: number, read: number, answered: number, passed: number): string {
  return `장 ${lessons}개 가운데 ${read}개를 읽었습니다. 확인 문제 ${answered}개에 답하고 미션 ${passed}개를 통과했습니다.`
}
