declare module 'subset-font' {
  interface Options {
    targetFormat: 'woff2' | 'truetype'
    /** Tags of OpenType features, as in `kern`; without it all of the font's. */
    keepFeatures?: readonly string[]
    variationAxes?: Record<string, number | { min: number; max: number }>
  }
  /** The font with only what it needs to draw `text`. */
  export default function subsetFont(font: Uint8Array, text: string, options: Options): Promise<Buffer>
}
