/**
 * Undefined if it is not an absolute URL. URL.canParse is no way to tell: once V8 has optimized a caller, that of Node.js 20
 * and 22 rejects every URL with a Latin-1 character, such as an é.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
