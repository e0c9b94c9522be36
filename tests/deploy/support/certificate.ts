import { createHash, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'

export interface Certificate {
  readonly certificate: string
  readonly key: string
  /** What Chromium's `--ignore-certificate-errors-spki-list` takes. */
  readonly spki: string
  /** Files of the two, in the folder that it was made for. */
  readonly certificateFile: string
  readonly keyFile: string
}

/** A certificate that nobody but this test believes. */
export async function certificateFor(names: readonly string[], folder: string): Promise<Certificate> {
  const { private: key, cert: certificate } = await generate(
    [{ name: 'commonName', value: names[0] ?? '' }],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: names.map(value => ({ type: 2, value })) }],
    },
  )
  const publicKey = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  const certificateFile = join(folder, 'fullchain.pem')
  const keyFile = join(folder, 'privkey.pem')
  writeFileSync(certificateFile, certificate)
  writeFileSync(keyFile, key)
  return {
    certificate,
    key,
    spki: createHash('sha256').update(publicKey).digest('base64'),
    certificateFile,
    keyFile,
  }
}
