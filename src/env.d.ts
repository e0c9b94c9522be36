/// <reference types="astro/client" />

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
