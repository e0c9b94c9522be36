/// <reference types="astro/client" />

interface ImportMetaEnv {
  /** Where the sandbox is when it is not where the page came from; empty or absent otherwise. */
  readonly PUBLIC_SANDBOX_URL?: string
}

declare namespace Astro {
  interface ClientDirectives {
    /** In `src/components/labs/client-soon.ts`. */
    'client:soon'?: boolean
  }
}

declare module 'virtual:course-fonts.css' {}
declare module 'virtual:course-fonts' {
  /** Addresses of the fonts a page is read in. */
  export const preloads: readonly string[]
}

/** For tools that do not read `.astro` files; `astro check` sees the real types. */
declare module '*.astro' {
  import type { AstroComponentFactory } from 'astro/runtime/server/index.js'
  const component: AstroComponentFactory
  export default component
}
