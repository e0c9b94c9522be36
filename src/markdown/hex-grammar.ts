import type { LanguageRegistration } from 'shiki'

/**
 * Bytes written down: `81 85 37 fa` with an optional offset (`0010:`), a comment after `;`, text between bars
 * (`|..hello|`), and a line that begins with `>` (client to server) or `<` (server to client).
 */
export const HEX_GRAMMAR: LanguageRegistration = {
  name: 'hex',
  scopeName: 'source.hex',
  repository: {},
  patterns: [
    { name: 'comment.line.semicolon.hex', match: ';.*$' },
    { name: 'markup.inserted.hex', match: '^\\s*>' },
    { name: 'markup.deleted.hex', match: '^\\s*<' },
    { name: 'comment.offset.hex', match: '^\\s*[0-9a-fA-F]{4,8}:' },
    { name: 'string.quoted.hex', match: '\\|[^|]*\\|' },
    { name: 'constant.numeric.hex', match: '\\b[0-9a-fA-F]{2}\\b' },
  ],
}
