/**
 * What Korean hangs on a noun: particles and the endings of 하다, 되다 and 이다. `프레임을`, `프레임이란` and
 * `마스킹하는` are a noun and one of these. Longer ones first, so that the first that fits is the whole of it.
 */
const ENDINGS = [
  // Particles, alone and one on another.
  ...['으로부터', '로부터', '에서부터', '에게서', '으로는', '으로도', '에서는', '에서도', '에게는', '까지는'],
  ...['부터는', '이라는', '이라고', '이란', '이라', '이나', '이며', '이고', '이면', '이든', '라는', '라고'],
  ...['에서', '에게', '에는', '에도', '까지', '부터', '보다', '처럼', '만큼', '마다', '밖에', '조차', '으로'],
  ...['로는', '로도', '와는', '과는', '들은', '들이', '들을', '들의', '들', '란', '라', '나', '며', '고'],
  ...['을', '를', '이', '가', '은', '는', '에', '의', '도', '만', '로', '와', '과', '랑'],
  // 하다, 되다, 이다.
  ...[
    '하였습니다',
    '했습니다',
    '합니다',
    '하거나',
    '하려고',
    '하려면',
    '하면서',
    '하지만',
    '하기',
    '하는',
    '하면',
  ],
  ...[
    '하지',
    '하고',
    '하여',
    '하며',
    '하게',
    '하자',
    '한다',
    '했다',
    '하다',
    '해서',
    '해야',
    '한',
    '할',
    '해',
  ],
  ...[
    '되었습니다',
    '됐습니다',
    '됩니다',
    '되거나',
    '되면',
    '되는',
    '되지',
    '되고',
    '되어',
    '된다',
    '됐다',
    '되다',
  ],
  ...['된', '될', '됨', '돼', '입니다', '이었습니다', '였습니다', '인가', '인지', '일까', '이다', '인'],
].toSorted((a, b) => b.length - a.length)

/** One ending, as the source of a regular expression. */
export const ENDING_PATTERN = `(?:${ENDINGS.join('|')})`

const ENDING_AT_END = new RegExp(`^(.+?)${ENDING_PATTERN}$`)

/**
 * The word without its ending, or undefined when it has none that can be told: a stem of one syllable is left alone,
 * because 사이 is not 사 and 차이 not 차.
 */
export function stemOf(word: string): string | undefined {
  const stem = ENDING_AT_END.exec(word)?.[1]
  return stem !== undefined && stem.length >= 2 ? stem : undefined
}
