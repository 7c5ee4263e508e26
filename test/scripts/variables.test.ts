import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { root } from '../support/programs';

// What `npm run deploy` validates has to be what twilio-run sends: both parsers side by side.

const { parse } = createRequire(join(root, 'node_modules', 'twilio-run', 'package.json'))('dotenv');
const script = pathToFileURL(join(root, 'scripts', 'variables.mjs')).href;

/** In a process of its own, as jest loads no modules of this kind. */
function read(texts: readonly string[]): object[] {
  const code = `import { parse } from ${JSON.stringify(script)}; import { readFileSync } from 'node:fs';
    console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(parse)));`;
  const args = ['--input-type=module', '-e', code];
  return JSON.parse(execFileSync(process.execPath, args, { input: JSON.stringify(texts), encoding: 'utf8' }));
}

test.each([
  ['A=1\nB = two words \n', { A: '1', B: 'two words' }],
  ['A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
  ['A=\nB=', { A: '', B: '' }],
  ['A="x\\ny"\nB=\'x\\ny\'', { A: 'x\ny', B: 'x\\ny' }],
  ['# A=1\nexport B=1\nC', {}],
  ['A=https://crm.example/#in # production', { A: 'https://crm.example/#in # production' }],
  ['A="1" # one', { A: '1" # one' }],
])('parses %j as twilio-run does', (text, variables) => {
  expect(read([text])).toEqual([variables]);
  expect(parse(text)).toEqual(variables);
});

test('parses any file as twilio-run does', () => {
  const part = fc.constantFrom(
    'A',
    'B_1',
    'c.d-',
    '=',
    ' ',
    '"',
    "'",
    '#',
    '\\n',
    '\n',
    '\r\n',
    '\t',
    '`',
    'é',
    'export ',
  );
  const texts = fc
    .sample(fc.array(part, { maxLength: 16 }), { numRuns: 5_000, seed: 7 })
    .map((parts) => parts.join(''));
  expect(read(texts)).toEqual(texts.map((text) => parse(text)));
});
