/// <reference types="astro/client" />

declare module 'virtual:course-fonts.css' {}
declare module 'virtual:course-fonts' {
  /** Addresses of the fonts a page is read in. */
  export const preloads: readonly string[]
}
