// Runs before the first paint, so that what the reader chose never flashes. A plain script: it is served as it is.
{
  const root = document.documentElement
  try {
    const theme = localStorage.getItem('websocket-anatomy:theme')
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    const tabs = localStorage.getItem('websocket-anatomy:tabs') ?? ''
    const python = tabs.indexOf('"Python"')
    const typescript = tabs.indexOf('"TypeScript"')
    if (python >= 0 && (typescript < 0 || python < typescript)) root.dataset.tab = 'Python'
  } catch {
    // Storage is closed to this page: the system's theme and the first tabs stay.
  }
  // Tabs show one panel from the start. Should their script never come, all are there again.
  root.dataset.script = ''
  addEventListener('load', () => delete root.dataset.script)
}
