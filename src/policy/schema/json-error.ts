import { quote } from '../../lib/error-text';
import { policyError } from '../issues';

/** @throws ApiError 20001 with the line and the column of the first character that is not JSON */
export function parseJson(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch {
    const offset = errorOffset(json);
    const lines = json.slice(0, offset).split('\n');
    const [found] = json.slice(offset);
    throw policyError([
      `line ${lines.length}, column ${lines.at(-1)!.length + 1}: ${
        found === undefined ? 'unexpected end of JSON' : `unexpected ${quote(found)}`
      }`,
    ]);
  }
}

const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

// Not every Node.js reports where JSON.parse stopped. The helpers return whether the text is JSON so far.
function errorOffset(text: string): number {
  let offset = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    offset = pattern.lastIndex;
    return true;
  };
  const token = (pattern: RegExp): boolean => {
    take(/[ \t\n\r]*/y);
    const taken = take(pattern);
    take(/[ \t\n\r]*/y);
    return taken;
  };
  const items = (item: () => boolean, end: RegExp): boolean => {
    if (token(end)) return true;
    while (item()) if (!token(/,/y)) return token(end);
    return false;
  };
  const value = (): boolean => {
    if (token(/\{/y)) return items(() => token(STRING) && token(/:/y) && value(), /\}/y);
    if (token(/\[/y)) return items(value, /\]/y);
    return token(STRING) || token(SCALAR);
  };
  value();
  return offset;
}
