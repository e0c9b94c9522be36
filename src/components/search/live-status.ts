/** A pause in typing after which a listener is told what was found. */
const PAUSE_MS = 800

/** Says only the last of what it is given within a pause, and nothing twice. */
export function liveStatus(region: HTMLElement): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return text => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (region.textContent !== text) region.textContent = text
    }, PAUSE_MS)
  }
}
