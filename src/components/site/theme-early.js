// Runs before the first paint, so that a stored choice never flashes. A plain script: it is served as it is.
try {
  const theme = localStorage.getItem('websocket-anatomy:theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is closed to this page: the system's theme stays.
}
