// @ts-check

/** The benchmarks of `npm run bench`, in this order. The dead-code check finds a file in bench/ that none of them uses. */
export const BENCHES = [
  'bench/protocol/codec.ts',
  'bench/echo.ts',
  'bench/page-weight.ts',
  'bench/first-frame.ts',
  'bench/readers.ts',
  'bench/rooms.ts',
  'bench/inspector.ts',
  'bench/start.ts',
  'bench/lighthouse.ts',
  'bench/search.ts',
]
