import { expect, test } from 'vitest'
import { LAB_PATH_PREFIX, PLAYED_LAB } from '#contract/addresses.ts'
import { LABS } from '../../sandbox-server/labs/lab.ts'
import { labPath, Page } from './support/page.ts'
import { runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

/** What somebody who makes a link would like another's browser to be shown as a page of the sandbox's origin. */
const CHOSEN = 'chosen'

const PLACES = [...LABS.keys(), PLAYED_LAB]

/** What a browser gets that is sent to that address by a link. */
async function navigate(port: number, target: string): Promise<string> {
  const client = new TcpClient(port).write(
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\nCookie: a=${CHOSEN}\r\n` +
      `Referer: http://127.0.0.1/${CHOSEN}\r\nUser-Agent: ${CHOSEN}\r\nAccept: text/html\r\n\r\n`,
  )
  return client.rest()
}

test.each([...PLACES, 'no-such-lab'])(
  'a browser that a link sends to the lab %s gets no byte that the link chose',
  async name => {
    const { port } = await runSandbox()
    const query = `?every=${CHOSEN}&count=${CHOSEN}&${CHOSEN}=<script>${CHOSEN}</script>`
    for (const target of [`${name}${query}`, `${name}/${CHOSEN}`, `${name}%0d%0aX-${CHOSEN}:1`]) {
      const answer = await navigate(port, LAB_PATH_PREFIX + target)
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(answer).not.toContain(CHOSEN)
    }
  },
)

test.each(PLACES)(
  'a browser that a link sends to the lab %s with a ticket gets no byte of the page that has the ticket',
  async name => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket(name)
    const answered = navigate(port, labPath(ticket, name))
    page.write(connection, `HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n${CHOSEN}`)
    const answer = await answered
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer).not.toContain(CHOSEN)
  },
)
