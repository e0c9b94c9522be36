import sections from './rfc-sections.json' with { type: 'json' }

/** Numbers and titles of the sections of each RFC that lessons cite, taken from the tables of contents. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = sections

/** RFC numbers that lessons may cite. */
export const CITED_RFCS = Object.keys(SECTIONS)

/** Title of a section, or undefined when the RFC has none of that number. */
export function sectionTitle(rfc: string, section: string): string | undefined {
  return SECTIONS[rfc]?.[section]
}

/** Address of the section in the RFC Editor's HTML, or of the whole RFC. */
export function sectionLink(rfc: string, section?: string): string {
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${section === undefined ? '' : `#section-${section}`}`
}
