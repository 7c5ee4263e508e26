import { type Code, refuse } from '../twilio/errors';

/** The parameters of one request, as they were sent: text, keys repeated for lists. */
export class Params {
  private readonly values = new Map<string, string[]>();

  constructor(entries: URLSearchParams = new URLSearchParams()) {
    // Not looked up there each time: in a long form that would take as long as the square of its length.
    for (const [name, value] of entries) {
      const values = this.values.get(name);
      if (values) values.push(value);
      else this.values.set(name, [value]);
    }
  }

  /** From JSON, for the `/_emulator` routes: arrays become repeated keys, objects JSON text. */
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

  has(name: string): boolean {
    return this.values.has(name);
  }

  names(): string[] {
    return [...this.values.keys()];
  }

  /** The last one sent counts. */
  string(name: string): string | undefined {
    return this.values.get(name)?.at(-1);
  }

  array(name: string): string[] | undefined {
    return this.values.get(name);
  }

  /** A whole number from 0. */
  integer(name: string, code: Code): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 31) return Number(text);
    return refuse(code, `${name} takes a whole number from 0, not "${text}"`);
  }

  /** A number from 0, to the third place. */
  seconds(name: string, code: Code): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return Number(text);
    return refuse(code, `${name} takes seconds from 0 like 90 or 0.25, not "${text}"`);
  }

  boolean(name: string, code: Code): boolean | undefined {
    const text = this.string(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    return refuse(code, `${name} takes true or false, not "${text}"`);
  }

  /** Milliseconds since 1970, from ISO 8601. */
  date(name: string, code: Code): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? refuse(code, `${name} takes an ISO 8601 date, not "${text}"`) : time;
  }

  /** Text that must be JSON. `limit` is in bytes. */
  json(name: string, limit: number): string | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    if (Buffer.byteLength(text) > limit) refuse(50303);
    try {
      JSON.parse(text);
    } catch {
      refuse(50304);
    }
    return text;
  }
}
