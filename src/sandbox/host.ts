/** Host and port under which this page finds its sandbox: those of the build, or the page's own. */
export function sandboxHost(): string {
  return new URL(import.meta.env.PUBLIC_SANDBOX_URL || location.href).host
}
