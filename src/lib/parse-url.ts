/**
 * Undefined if it is not an absolute URL. Do not use URL.canParse: once V8 has optimized a caller, that of Node.js 20
 * and 22 rejects every URL with a Latin-1 character, such as an é.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
