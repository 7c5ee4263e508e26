/** Undefined if it is not a URL. URL.canParse would do, but that of Node.js 20 and 22 fails for some URLs once it is optimized. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
