// @ts-check
import { createServer } from 'node:net'
import { Failure, codeOf } from './failure.mjs'

const DEFAULT_PORT = 8787
const DEFAULT_HOST = '127.0.0.1'

/**
 * Where the sandbox is going to listen.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ port: number, host: string }}
 * @throws {Failure} when PORT is not one
 */
export function addressFrom(env) {
  // As the sandbox does, an empty variable counts as unset.
  const text = env['PORT'] || String(DEFAULT_PORT)
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Failure(`PORT must be a whole number from 0 to 65535, not "${text}".`)
  return { port, host: env['HOST'] || DEFAULT_HOST }
}

/**
 * Tries the address, so that a taken port is known before anything long is begun.
 * @param {{ port: number, host: string }} address
 * @throws {Failure} when it cannot be listened on
 */
export async function checkFree({ port, host }) {
  const server = createServer()
  try {
    await new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, exclusive: true }, () => server.close(resolve))
    })
  } catch (error) {
    throw new Failure(listenSentence(codeOf(error), port, host))
  }
}

/** @param {string | undefined} code @param {number} port @param {string} host */
function listenSentence(code, port, host) {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is already in use. Stop the program that uses it, or set PORT to another one, such as ${port === 8788 ? 8789 : 8788}.`
  if (code === 'EACCES')
    return `Port ${port} on ${host} is reserved by the system. Set PORT to one from 1024 on, such as 8787.`
  return `HOST=${host} cannot be listened on here (${String(code)}). Leave HOST out to listen on this machine only.`
}
