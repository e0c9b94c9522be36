import type { SourceKind } from '../../../inspector/sources/live-source.ts'

/** Texts whose lengths differ from what one may expect. */
export const EXAMPLES: readonly { readonly name: string; readonly text: string }[] = [
  { name: '한글 음절', text: '한' },
  { name: '로마자', text: 'han' },
  { name: '이모지', text: '👋' },
  { name: '합친 꼴 (NFC)', text: '각'.normalize('NFC') },
  { name: '푼 꼴 (NFD)', text: '각'.normalize('NFD') },
  { name: '짝 잃은 서러게이트', text: '가\ud83d' },
]

/** Who may speak, and which connection of the lab's recording shows it. */
export const SPEAKERS = {
  browser: { label: '내 브라우저가 메아리 서버에', recorded: 0 },
  raw: { label: '원시 클라이언트가 메아리 서버에', recorded: 1 },
  server: { label: '서버가 내 브라우저에', recorded: 3 },
} as const satisfies Record<SourceKind, { readonly label: string; readonly recorded: number }>
