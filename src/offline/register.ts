import { siteLink } from '../components/site/links.ts'
import { IS_OUTDATED, OUTDATED } from './build.ts'

/** A page that stays open asks this often whether there is a new build. */
const LOOK_AGAIN_MS = 60 * 60 * 1000

/**
 * Lets a service worker keep the site for reading without a network, and offers to reload once there is a newer build
 * than the page's. Not in development: a page there is never kept.
 */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  const ask = (): void => serviceWorker.controller?.postMessage(IS_OUTDATED)
  serviceWorker.addEventListener('message', event => {
    if (event.data === OUTDATED) offerReload()
  })
  serviceWorker.addEventListener('controllerchange', ask)
  ask()
  // What the page itself needs comes first.
  if (document.readyState === 'complete') void register(serviceWorker)
  else addEventListener('load', () => void register(serviceWorker))
}

async function register(serviceWorker: ServiceWorkerContainer): Promise<void> {
  try {
    const registration = await serviceWorker.register(siteLink('sw.js'), {
      scope: siteLink(),
      updateViaCache: 'none',
    })
    let looked = performance.now()
    document.addEventListener('visibilitychange', () => {
      if (document.hidden || performance.now() - looked < LOOK_AGAIN_MS) return
      looked = performance.now()
      registration.update().catch(() => {
        // Without a network there is nothing new.
      })
    })
  } catch {
    // Not allowed here, or the site is away: it is read from the network, as ever.
  }
}

function offerReload(): void {
  const notice = document.querySelector<HTMLElement>('[data-update]')
  const reload = notice?.querySelector<HTMLElement>('[data-reload]')
  const later = notice?.querySelector<HTMLElement>('[data-later]')
  if (!notice || !reload || !later) return
  reload.onclick = () => location.reload()
  later.onclick = () => (notice.hidden = true)
  notice.hidden = false
}
