// The command line of the scripts. Read before anything is installed, so with Node's own modules only.
import { parseArgs } from 'node:util';

const WIDTH = 80;

const HELP = { help: { type: 'boolean', short: 'h', description: 'print this help' } };

/**
 * Parses what follows `--`. Prints the help and exits with 0 for --help; prints one sentence and exits with 2 for wrong usage.
 * @param {{
 *   name: string,
 *   description: string,
 *   usage?: string,
 *   options?: Record<string, {
 *     type?: 'string' | 'boolean', value?: string, description: string,
 *     short?: string, multiple?: boolean, default?: string, parse?: (text: string) => unknown,
 *   }>,
 *   argument?: (text: string) => unknown,
 *   limit?: number,
 *   passOn?: boolean,
 *   environment?: Record<string, string>,
 *   examples: readonly string[],
 * }} command `value` is what the help calls the value of an option; `parse` throws an Error that says what the value must be;
 * `argument` does so for the arguments, of which there may be `limit`; `passOn`: nothing but --help is parsed
 * @returns {{ values: Record<string, any>, positionals: string[], args: string[] }} `args`: all of it, to pass on
 */
export function readOptions({ options = {}, argument, limit = Infinity, passOn, ...command }) {
  const args = process.argv.slice(2);
  const known = { ...options, ...HELP };
  const types = Object.entries(known).map(([name, { type = 'string', short, multiple = false }]) => [
    name,
    { type, multiple, ...(short && { short }) },
  ]);
  const { tokens } = parseArgs({ args, options: Object.fromEntries(types), strict: false, tokens: true });
  if (tokens.some(({ name }) => name === 'help')) {
    console.log(help({ ...command, options: known }));
    process.exit(0);
  }
  if (passOn) return { values: {}, positionals: [], args };
  try {
    return { ...evaluate(), args };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }

  function evaluate() {
    const seeHelp = `; see ${command.name} --help`;
    const values = Object.fromEntries(
      Object.entries(known).flatMap(([name, option]) =>
        'default' in option ? [[name, option.default]] : [],
      ),
    );
    const positionals = [];
    for (const { kind, name, rawName, value, inlineValue } of tokens) {
      if (kind === 'positional') {
        if (!argument) throw new UsageError(`unexpected argument${seeHelp}`);
        if (positionals.length === limit) throw new UsageError(`too many arguments${seeHelp}`);
        positionals.push(argument(value));
      }
      if (kind !== 'option') continue;
      const option = Object.hasOwn(known, name) ? known[name] : undefined;
      // Only the name: what follows may be a secret.
      if (!option)
        throw new UsageError(
          `unknown option ${rawName}${
            suggest(
              rawName,
              Object.keys(known).map((each) => `--${each}`),
            ) || seeHelp
          }`,
        );
      if (option.type === 'boolean') {
        if (value !== undefined) throw new UsageError(`${rawName} takes no value${seeHelp}`);
        values[name] = true;
        continue;
      }
      if (value === undefined || (!inlineValue && value.startsWith('-')))
        throw new UsageError(`${rawName} needs a value${seeHelp}`);
      values[name] = option.multiple ? [...(values[name] ?? []), value] : value;
    }
    for (const [name, { parse }] of Object.entries(known)) {
      if (!parse || values[name] === undefined) continue;
      try {
        values[name] = parse(values[name]);
      } catch ({ message }) {
        throw new UsageError(`--${name} ${message}, not ${JSON.stringify(values[name])}`);
      }
    }
    return { values, positionals };
  }
}

/** The script was called wrong. */
export class UsageError extends Error {}

/** For `argument`: one of these names. */
export const oneOfNames = (names) => (text) => {
  if (names.includes(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is unknown${suggest(text, names) || `; use ${oneOf(names)}`}`,
  );
};

/** For `parse`: a whole number of at least `least`. */
export const integer = (least) => (text) => {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`must be a whole number of at least ${least}`);
};

/** For `parse`: a number above 0. */
export function positive(text) {
  if (/^\d{1,15}(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error('must be a number above 0');
}

function help({ name, usage, description, options, environment = {}, examples }) {
  const optionRows = Object.entries(options).map(([key, option]) => {
    const value = option.type === 'boolean' ? '' : ` <${option.value}>`;
    const end = option.default === undefined ? '' : ` (default: ${option.default})`;
    return [`${option.short ? `-${option.short}, ` : ''}--${key}${value}`, option.description + end];
  });
  const sections = [
    `Usage: ${[name, usage, '[options]'].filter(Boolean).join(' ')}`,
    description
      .split('\n')
      .map((line) => wrap(line, WIDTH).join('\n'))
      .join('\n'),
    `Options:\n${table(optionRows)}`,
    ...(Object.keys(environment).length > 0
      ? [`Environment variables:\n${table(Object.entries(environment))}`]
      : []),
    `Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`,
  ];
  return sections.join('\n\n');
}

function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows
    .flatMap(([left, right]) =>
      wrap(right, WIDTH - width - 4).map((line, i) => `  ${(i === 0 ? left : '').padEnd(width)}  ${line}`),
    )
    .join('\n');
}

/** Lines of at most so many characters. */
function wrap(text, width) {
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const oneOf = (names) => [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ');

/** `; did you mean --port?` if a known name is near, else nothing. */
function suggest(name, known) {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: distance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(1, name.length / 3)
    ? `; did you mean ${nearest.candidate}?`
    : '';
}

/** Levenshtein's edit distance. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j - 1] + (letter === b[j - 1] ? 0 : 1), row[j] + 1, next[j - 1] + 1));
    row = next;
  }
  return row.at(-1);
}
