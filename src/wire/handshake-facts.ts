import { acceptSteps, type AcceptSteps } from '#protocol/accept.ts'
import type { DeflateParameters } from '#protocol/deflate.ts'
import { agreedDeflate, type Check } from '#protocol/handshake.ts'
import { fieldValues, listTokens, type RequestHead, type ResponseHead } from '#protocol/http-head.ts'
import { RULES } from '#protocol/rules.ts'
import { ruleWords } from '#words/ko/rules.ts'
import type { Role } from '#protocol/role.ts'
import { grouped } from './grouped.ts'

/** A check of the catalogue in words. */
export interface CheckWords {
  readonly ok: boolean
  readonly title: string
  readonly sentence: string
  readonly section: string
  /** Name of the header that was looked at. */
  readonly field: string | undefined
  readonly found: string | undefined
}

export function checkWords(checks: readonly Check[]): CheckWords[] {
  return checks.map(({ rule, ok, field, found }) => {
    return { ok, ...ruleWords(rule), section: RULES[rule].section, field, found }
  })
}

/** The way from this request's key to the value its response has to carry, and the value it carries. */
export interface AcceptFacts extends AcceptSteps {
  readonly sent: string | undefined
}

export function acceptFacts(
  request: RequestHead,
  response: ResponseHead | undefined,
): AcceptFacts | undefined {
  const [key] = fieldValues(request, 'Sec-WebSocket-Key')
  if (key === undefined) return undefined
  return { ...acceptSteps(key), sent: response && fieldValues(response, 'Sec-WebSocket-Accept')[0] }
}

/** What both sides brought to the table, and what came of it. */
export interface Negotiation {
  readonly subprotocols: { readonly offered: readonly string[]; readonly chosen: string | undefined }
  readonly extensions: { readonly offered: readonly string[]; readonly agreed: readonly string[] }
  readonly deflate: DeflateParameters | undefined
}

export function negotiationOf(request: RequestHead, response: ResponseHead | undefined): Negotiation {
  return {
    subprotocols: {
      offered: listTokens(request, 'Sec-WebSocket-Protocol'),
      chosen: response && fieldValues(response, 'Sec-WebSocket-Protocol')[0],
    },
    extensions: {
      offered: listTokens(request, 'Sec-WebSocket-Extensions'),
      agreed: response ? listTokens(response, 'Sec-WebSocket-Extensions') : [],
    },
    deflate: response && agreedDeflate(response, request),
  }
}

/** What agreed permessage-deflate means, a Korean sentence to each point (RFC 7692 §7.1). */
export function deflateSentences(parameters: DeflateParameters): string[] {
  const side = (who: string, fresh: boolean, bits: number) =>
    `${who}는 창 ${grouped(1 << bits)}바이트로 압축하며, 메시지마다 창을 ${fresh ? '비웁니다' : '이어 씁니다'}.`
  const { clientNoContextTakeover, serverNoContextTakeover } = parameters
  const clientBits = typeof parameters.clientMaxWindowBits === 'number' ? parameters.clientMaxWindowBits : 15
  return [
    side('클라이언트', clientNoContextTakeover, clientBits),
    side('서버', serverNoContextTakeover, parameters.serverMaxWindowBits ?? 15),
  ]
}

const PROXY_FIELDS: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^via$/, '거쳐 온 프록시들의 이름입니다.'],
  [/^forwarded$|^x-forwarded-/, '프록시가 원래 요청의 주소와 프로토콜을 적어 넣었습니다.'],
  [
    /^x-real-ip$|^true-client-ip$|^x-client-ip$|^x-cluster-client-ip$/,
    '프록시가 본 클라이언트의 주소입니다.',
  ],
  [/^cf-|^cdn-loop$/, 'CDN이 붙인 헤더입니다.'],
  [
    /^x-amzn-|^x-amz-cf-|^x-azure-|^x-appengine-|^x-cloud-trace-|^fly-|^x-vercel-|^x-envoy-/,
    '클라우드의 로드 밸런서가 붙인 헤더입니다.',
  ],
  [/^x-request-id$|^x-b3-|^traceparent$/, '요청을 추적하려고 중간에서 붙인 번호입니다.'],
]

/** Why a header is not the browser's own: a proxy on the way wrote it. Undefined for any other header. */
export function proxySentence(fieldName: string): string | undefined {
  const name = fieldName.toLowerCase()
  return PROXY_FIELDS.find(([pattern]) => pattern.test(name))?.[1]
}

/** Names of the headers of a head that a proxy added, each once, in their order. */
export function proxyFields(head: RequestHead | ResponseHead): string[] {
  const names = head.fields.map(({ name }) => name).filter(name => proxySentence(name) !== undefined)
  return [...new Set(names)]
}

/** The state that a handshake left the connection in, for whoever reads only one line. */
export function handshakeVerdict(
  requestChecks: readonly Check[],
  responseChecks: readonly Check[] | undefined,
): string {
  // A server may answer with another status than 101: that breaks no rule, and makes no connection.
  const refusal = responseChecks?.find(({ ok, rule }) => !ok && rule === 'response-status')
  const broken = (checks: readonly Check[]) => checks.filter(check => !check.ok && check !== refusal).length
  const side = (who: Role, count: number) =>
    `${who === 'client' ? '요청' : '응답'}이 규칙 ${count}개를 어겼습니다`
  const faults = [
    ...(broken(requestChecks) > 0 ? [side('client', broken(requestChecks))] : []),
    ...(responseChecks && broken(responseChecks) > 0 ? [side('server', broken(responseChecks))] : []),
  ]
  if (refusal) faults.push(`상태 코드 ${refusal.found ?? ''} 응답이어서 연결이 열리지 않았습니다`)
  if (faults.length > 0) return `${faults.join('. ')}.`
  return responseChecks ? '요청과 응답이 모든 규칙을 지켰습니다.' : '요청이 모든 규칙을 지켰습니다.'
}
