import type { Server } from 'node:http'
import type { AstroIntegration } from 'astro'
import { readConfig } from './config.ts'
import { createSandbox } from './sandbox.ts'

/** Puts the sandbox on Astro's dev server: one process, one port, beside Vite's hot reload. */
export default function sandboxInDev(): AstroIntegration {
  return {
    name: 'sandbox',
    hooks: {
      'astro:server:setup': ({ server, logger }) => {
        const { httpServer } = server
        if (!isHttp1(httpServer)) {
          logger.warn('the dev server is not a plain HTTP/1.1 server, so there is no sandbox on it')
          return
        }
        const sandbox = createSandbox(readConfig(process.env))
        sandbox.attach(httpServer, { owned: false })
        // Vite destroys whatever is open, on SIGTERM and when a changed configuration starts another server.
        const close = server.close.bind(server)
        server.close = async () => {
          process.off('SIGINT', leave)
          await sandbox.close()
          await close()
        }
        const leave = () => void server.close().finally(() => process.exit())
        process.once('SIGINT', leave)
      },
    },
  }
}

function isHttp1(server: object | null): server is Server {
  return server !== null && 'headersTimeout' in server
}
