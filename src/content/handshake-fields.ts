import type { RuleId } from '#protocol/rules.ts'

/** Whether a head has to have a field. `browser`: only where a browser speaks; `never`: has no business there. */
export type Presence = 'required' | 'browser' | 'optional' | 'never'

/** A header field of the opening handshake (RFC 6455 §4.1, §4.2.2, §11.3). */
export interface HandshakeField {
  readonly name: string
  readonly inRequest: Presence
  readonly inResponse: Presence
  /** Where it is defined, ready to show. */
  readonly section: string
  /** Rules of the catalogue that look at it. */
  readonly rules: readonly RuleId[]
}

export const HANDSHAKE_FIELDS: readonly HandshakeField[] = [
  {
    name: 'Host',
    inRequest: 'required',
    inResponse: 'never',
    section: 'RFC 6455 §4.1',
    rules: ['request-host'],
  },
  {
    name: 'Upgrade',
    inRequest: 'required',
    inResponse: 'required',
    section: 'RFC 6455 §4.1',
    rules: ['request-upgrade', 'response-upgrade'],
  },
  {
    name: 'Connection',
    inRequest: 'required',
    inResponse: 'required',
    section: 'RFC 6455 §4.1',
    rules: ['request-connection', 'response-connection'],
  },
  {
    name: 'Sec-WebSocket-Key',
    inRequest: 'required',
    inResponse: 'never',
    section: 'RFC 6455 §11.3.1',
    rules: ['request-key', 'request-key-once', 'request-key-length'],
  },
  {
    name: 'Sec-WebSocket-Accept',
    inRequest: 'never',
    inResponse: 'required',
    section: 'RFC 6455 §11.3.3',
    rules: ['response-accept', 'response-accept-once'],
  },
  {
    name: 'Sec-WebSocket-Version',
    inRequest: 'required',
    // A refusal has it: the versions that the server speaks (§4.4).
    inResponse: 'optional',
    section: 'RFC 6455 §11.3.5',
    rules: ['request-version', 'request-version-once', 'request-version-grammar', 'response-versions'],
  },
  {
    name: 'Origin',
    inRequest: 'browser',
    inResponse: 'never',
    section: 'RFC 6455 §10.2',
    rules: ['request-origin'],
  },
  {
    name: 'Sec-WebSocket-Protocol',
    inRequest: 'optional',
    inResponse: 'optional',
    section: 'RFC 6455 §11.3.4',
    rules: [
      'request-subprotocol-token',
      'request-subprotocol-unique',
      'response-subprotocol-once',
      'response-subprotocol-token',
      'response-subprotocol-offered',
    ],
  },
  {
    name: 'Sec-WebSocket-Extensions',
    inRequest: 'optional',
    inResponse: 'optional',
    section: 'RFC 6455 §11.3.2',
    rules: [
      'request-extensions',
      'request-deflate',
      'response-extensions',
      'response-extensions-once',
      'response-extension-offered',
      'response-deflate',
    ],
  },
]
