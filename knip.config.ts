import type { KnipConfig } from 'knip'
import { BENCHES } from './scripts/launch/benches.mjs'

const config: KnipConfig = {
  entry: [
    // Named to Astro by site-build/client-directives.ts.
    'src/components/labs/client-soon.ts',
    // Named to lessons by src/markdown/labs.ts.
    'src/components/labs/*/Lab.astro',
    // Named to the build by site-build/chunks.ts.
    'src/components/site/preload.ts',
    'sandbox-server/main.ts',
    'scripts/launch/settings.ts',
    'scripts/record.ts',
    ...BENCHES,
    'bench/load.ts',
    'bench/soak.ts',
    // Run by these in processes of their own.
    'bench/load/{clocked-sandbox,generator,plain-server,probe}.ts',
  ],
  project: ['**/*.{ts,mjs,svelte,astro,mdx}'],
  // A name that its own file uses is not dead; exporting it may be part of what the module says of itself.
  ignoreExportsUsedInFile: true,
  // Asked for by tests that skip without them.
  ignoreBinaries: ['dumpcap', 'xxd'],
  ignoreDependencies: [
    // Run by scripts/launch/checks.mjs, which finds their commands by package name.
    '@astrojs/check',
    'svelte-check',
    // Read as files, not imported, by site-build/faces.ts.
    '@fontsource-variable/jetbrains-mono',
    '@fontsource/noto-serif-kr',
    'pretendard',
  ],
}

export default config
