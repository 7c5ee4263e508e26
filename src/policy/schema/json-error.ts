import { quote } from '../../lib/messages';
import { policyError } from './issues';

/** @throws ApiError 20001 with the line and the column of the first character that is no JSON */
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
        found === undefined ? 'the file ends before its JSON does' : `${quote(found)} is no JSON here`
      }`,
    ]);
  }
}

const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

// Not every Node.js says where JSON.parse stopped. True stands for: as far as that it is JSON.
function errorOffset(text: string): number {
  let offset = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = offset;
    if (!token.test(text)) return false;
    offset = token.lastIndex;
    return true;
  };
  const sign = (token: RegExp): boolean => {
    take(/[ \t\n\r]*/y);
    const taken = take(token);
    take(/[ \t\n\r]*/y);
    return taken;
  };
  const items = (item: () => boolean, end: RegExp): boolean => {
    if (sign(end)) return true;
    while (item()) if (!sign(/,/y)) return sign(end);
    return false;
  };
  const value = (): boolean => {
    if (sign(/\{/y)) return items(() => sign(STRING) && sign(/:/y) && value(), /\}/y);
    if (sign(/\[/y)) return items(value, /\]/y);
    return sign(STRING) || sign(SCALAR);
  };
  value();
  return offset;
}
