/**
 * A count as Korean writes it, `65,536`. `toLocaleString` says the same, but on first use it loads a locale's data,
 * which takes a phone longer than all the rest of drawing a lab.
 */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
