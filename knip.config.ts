import type { KnipConfig } from 'knip'
import { BENCHES } from './scripts/launch/benches.mjs'

const config: KnipConfig = {
  entry: ['sandbox-server/main.ts', 'scripts/launch/sandbox-config.ts', 'scripts/record.ts', ...BENCHES],
  project: ['**/*.{ts,mjs,svelte,astro,mdx}'],
  // A name that its own file uses is not dead; exporting it may be part of what the module says of itself.
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Run by scripts/launch/checks.mjs, which finds their commands by package name.
    '@astrojs/check',
    'svelte-check',
    // Read as files, not imported, by site-build/fonts.ts.
    '@fontsource/jetbrains-mono',
    '@fontsource/noto-serif-kr',
    'pretendard',
  ],
}

export default config
