/** The two layouts under one name; whoever needs only one imports it from its own module. */
export { layoutFrame } from './frame-layout.ts'
export { layoutHead } from './head-layout.ts'
export type { Span } from './span.ts'
