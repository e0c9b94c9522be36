import type { Span } from '../../search/excerpt.ts'
import type { Answer, Hit } from '../../search/search.ts'
import { siteLink } from '../site/links.ts'

/** A link to where a hit is, with what matched marked. */
export function hitLink(hit: Hit): HTMLAnchorElement {
  const link = document.createElement('a')
  link.className = 'hit'
  link.href = siteLink(hit.path)
  const where = element('span', 'hit-where')
  if (hit.label !== undefined) where.append(element('span', 'hit-number', hit.label))
  if (hit.heading !== undefined) where.append(element('span', '', ...spans(hit.title)))
  const heading = element('span', 'hit-heading', ...spans(hit.heading ?? hit.title))
  link.append(heading, where, element('span', 'hit-excerpt', ...spans(hit.excerpt)))
  return link
}

/** What has to be said about the hits of an answer, if anything. */
export function noteOn(query: string, { hits, complete, instead }: Answer): string | undefined {
  if (instead !== undefined) return `‘${query}’에 맞는 곳이 없어 ‘${instead}’ 결과를 보여 줍니다.`
  if (hits.length > 0 && !complete) return '모든 낱말이 함께 나오는 곳은 없어, 일부만 맞는 곳을 보여 줍니다.'
  return undefined
}

/** What is shown when there are no hits; `choose` is called with a name the reader may have meant. */
export function noHits(query: string, { suggestions }: Answer, choose: (name: string) => void): Node[] {
  const said = element('p', 'search-none', `‘${query}’에 맞는 곳이 없습니다.`)
  const advice = element(
    'p',
    '',
    '낱말을 줄이거나 다른 이름으로 찾아봅니다. 영어 이름(masking)이나 초성(ㅁㅅㅋ)도 됩니다.',
  )
  if (suggestions.length === 0) return [said, advice]
  const names = element('ul', 'search-examples')
  names.setAttribute('aria-label', '비슷한 말')
  for (const name of suggestions) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button quiet'
    button.textContent = name
    button.addEventListener('click', () => choose(name))
    names.append(element('li', '', button))
  }
  return [said, element('p', '', '혹시 이 말을 찾으십니까?'), names]
}

/** What a listener is told of an answer: how much there is, and what Enter opens. */
export function spoken(query: string, { hits, total }: Answer): string {
  const [best] = hits
  if (best === undefined) return `‘${query}’에 맞는 곳이 없습니다.`
  const name = (pieces: readonly Span[]): string => pieces.map(({ text }) => text).join('')
  const where = best.heading === undefined ? name(best.title) : `${name(best.title)}, ${name(best.heading)}`
  return `${total}곳을 찾았습니다. 맨 위는 ${where}입니다.`
}

function spans(pieces: readonly Span[]): (Node | string)[] {
  return pieces.map(({ text, hit }) => (hit ? element('mark', '', text) : text))
}

function element(name: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.append(...children)
  return made
}
