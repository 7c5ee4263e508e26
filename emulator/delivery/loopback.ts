/** Whether a delivery to this URL stays on this machine. Names are not resolved: only `localhost` counts as one. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
