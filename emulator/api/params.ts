import { type Code, refuse } from '../twilio/errors';

/** The parameters of one request as they were sent: strings, with the name repeated for an array. */
export class Params {
  private readonly values = new Map<string, string[]>();

  constructor(entries: URLSearchParams = new URLSearchParams()) {
    // URLSearchParams.get walks over all entries, which is slow for a long form.
    for (const [name, value] of entries) {
      const values = this.values.get(name);
      if (values) values.push(value);
      else this.values.set(name, [value]);
    }
  }

  /** From JSON, for the `/_emulator` routes: arrays become repeated names, objects become JSON strings. */
  static fromObject(value: object): Params {
    const entries = new URLSearchParams();
    for (const [name, content] of Object.entries(value)) {
      for (const item of Array.isArray(content) ? content : [content]) {
        if (item === null || item === undefined) continue;
        entries.append(name, typeof item === 'object' ? JSON.stringify(item) : String(item));
      }
    }
    return new Params(entries);
  }

  /** The same parameters, each value of these names changed. */
  change(names: readonly string[], change: (value: string) => string): this {
    for (const name of names) {
      const values = this.values.get(name);
      if (values) this.values.set(name, values.map(change));
    }
    return this;
  }

  names(): string[] {
    return [...this.values.keys()];
  }

  /** If the name is repeated, the last value counts. */
  string(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  array(name: string): string[] | undefined {
    return this.values.get(name);
  }

  /** Required. */
  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = this.string(name);
    return (
      values.find((known) => known === value) ?? refuse(20001, `${name} must be one of ${values.join(', ')}`)
    );
  }

  integer(name: string, code: Code): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 31) return Number(text);
    return refuse(code, `${name} must be an integer from 0 to 2147483647, not "${text}"`);
  }

  /** With up to three decimals. */
  seconds(name: string, code: Code): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return Number(text);
    return refuse(code, `${name} must be a number of seconds such as 90 or 0.25, not "${text}"`);
  }

  boolean(name: string, code: Code): boolean | undefined {
    const text = this.string(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    return refuse(code, `${name} must be true or false, not "${text}"`);
  }

  /** Milliseconds since 1970, from ISO 8601. */
  date(name: string, code: Code): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? refuse(code, `${name} must be an ISO 8601 date, not "${text}"`) : time;
  }

  /** A string that must be JSON. */
  json(name: string, maxBytes: number): string | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (Buffer.byteLength(text) > maxBytes) refuse(50303);
    try {
      JSON.parse(text);
    } catch {
      refuse(50304);
    }
    return text;
  }
}
