import { describe, expect, test } from 'vitest'
import { sectionsOfPage } from '../../site-build/page-sections.ts'
import { indexOf } from '../../site-build/search-index.ts'

function pageOf(main: string, { attributes = '', head = '' } = {}) {
  const html = `<!doctype html><html><head>${head}</head><body><nav>메뉴</nav><main ${attributes}>${main}</main></body></html>`
  return sectionsOfPage(html, 'a/')
}

/** Heading and text of each section but the first. */
function sectionsOf(main: string) {
  return pageOf(main)
    ?.sections.slice(1)
    .map(({ heading, text }) => [heading, text])
}

describe('a page is read', () => {
  test('by its headings, wherever they stand, with the way to each', () => {
    const page = pageOf(
      '<h1>제목</h1><p>머리글</p><h2 id="a">하나</h2><p>가</p><div><h3 id="b">둘</h3><p>나</p></div>',
    )
    expect(page).toEqual({
      path: 'a/',
      title: '제목',
      kind: 'page',
      sections: [
        { text: '머리글' },
        { id: 'a', heading: '하나', text: '가' },
        { id: 'b', heading: '둘', text: '나' },
      ],
    })
  })

  test('with its kind and what readers know its place by', () => {
    const attributes = 'data-search="terms" data-search-label="2-1"'
    expect(pageOf('<h1>제목</h1>', { attributes })).toMatchObject({ kind: 'terms', label: '2-1' })
  })

  test('a line for each block, as a sentence for what is in it', () => {
    expect(
      sectionsOf(
        '<h2 id="a">가</h2><p>\n  <strong>프레임</strong>은\n  <code>a</code>입니다.</p><ul><li>나</li><li>다</li></ul><table><tr><td>라</td><td>마</td></tr></table>',
      ),
    ).toEqual([['가', '프레임은 a입니다.\n나\n다\n라 마']])
  })

  test('with the words of its titles apart and their code together', () => {
    expect(
      sectionsOf(
        '<h2 id="a"><span>1부</span>첫 만남</h2><p>가</p><h3 id="b">마스킹<span>(masking)</span><a></a></h3><p>나</p><h2 id="c"><code>send</code>가 하는 일</h2><p>다</p>',
      )?.map(([heading]) => heading),
    ).toEqual(['1부 첫 만남', '마스킹(masking)', 'send가 하는 일'])
  })

  test('composed, however it was written', () => {
    expect(pageOf(`<h1>${'한글'.normalize('NFD')}</h1>`)?.title).toBe('한글')
  })
})

test.each([
  '<nav>안 됨</nav>',
  '<details><summary>안 됨</summary>안 됨</details>',
  '<button>안 됨</button><a class="button" href="/">안 됨</a>',
  '<form>안 됨</form><noscript>안 됨</noscript><script>안 됨</script><style>안 됨</style>',
  '<astro-island><p>안 됨</p></astro-island>',
  '<span popover>안 됨</span><p hidden>안 됨</p>',
  '<div data-search="skip"><p>안 됨</p></div>',
])('what is no prose stays out: %s', markup => {
  expect(sectionsOf(`<h2 id="a">가</h2><p>글</p>${markup}`)).toEqual([['가', '글']])
})

test('the word of a term stays in its sentence', () => {
  expect(sectionsOf('<h2 id="a">가</h2><p><button popovertarget="t">출처</button>를 봅니다.</p>')).toEqual([
    ['가', '출처를 봅니다.'],
  ])
})

test('a section that says nothing is none', () => {
  expect(sectionsOf('<h2 id="a">미션</h2><section><h3 id="b">나</h3><p>다</p></section>')).toEqual([
    ['나', '다'],
  ])
})

test('a page that search engines may not show is not found, nor one without a main', () => {
  expect(pageOf('<h1>가</h1>', { head: '<meta name="robots" content="noindex">' })).toBeUndefined()
  expect(sectionsOfPage('<p>가</p>', '')).toBeUndefined()
})

test('terms get every name by which they are sought', () => {
  const html = '<main data-search="terms"><h1>용어집</h1><h3 id="masking">마스킹</h3><p>풀이</p></main>'
  const [page] = indexOf([{ path: 'glossary/', html }]).pages
  expect(page?.sections[1]?.names).toEqual(
    expect.arrayContaining(['마스킹', 'masking', 'mask', '마스크 처리']),
  )
})
