import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../../emulator/app';
import { createContext } from '../../emulator/context';
import { parseFaults, schemas } from '../../emulator/faults/parse';
import { defaultOptions, definitions, optionNames } from '../../emulator/state/options';
import { ACCOUNT_SID, API_KEY, AUTH_TOKEN, READING_API_KEY } from '../../emulator/twilio/account';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');
const page = read('docs/emulator.md');
const section = (title: string) =>
  page.split(/^#{2,3} /m).find((text) => text.startsWith(`${title}\n`)) ?? '';

test('has the emulator’s credentials in .env.emulator', () => {
  // Helper libraries check it: that of Go sends nothing with another character.
  expect(AUTH_TOKEN).toMatch(/^[A-Za-z0-9]{32}$/);
  const lines = read('.env.emulator').split('\n');
  expect(lines).toContain(`ACCOUNT_SID=${ACCOUNT_SID}`);
  expect(lines).toContain(`AUTH_TOKEN=${AUTH_TOKEN}`);
  for (const { sid, secret } of [API_KEY, READING_API_KEY])
    expect(page).toContain(`| \`${sid}\`, \`${secret}\` |`);
});

test('documents each option with its values, the default first', () => {
  const rows = [...section('Options').matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, values]) => [
    name,
    values,
  ]);
  const expected = optionNames.map((name) => {
    const definition = definitions[name];
    const values = 'integer' in definition ? [definition.integer] : definition.values;
    return [
      name,
      values.map((value) => (value === defaultOptions()[name] ? `**${value}**` : value)).join(', '),
    ];
  });
  expect(rows).toEqual(expected);
});

test('documents each route of /_emulator', () => {
  const app = createApp(createContext());
  const listed = [...page.matchAll(/^\| `([A-Z]+) (\/_emulator\/\S+)`/gm)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  const registered = app.routes
    .filter(({ path }) => path.startsWith('/_emulator/') && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  expect(listed.sort()).toEqual([...new Set(registered)].sort());
});

test('documents each key of a fault, with valid examples', () => {
  const keys = Object.entries(schemas).flatMap(([name, shape]) =>
    Object.keys(shape).map((key) => (name === 'set' ? key : `${name}.${key}`)),
  );
  const listed = [...section('Faults').matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
    cell?.match(/[\w.]+/g),
  );
  expect(listed.sort()).toEqual(keys.filter((key) => key !== 'deliveries' && key !== 'faults').sort());
  const examples = [...section('Faults').matchAll(/-d '(.*?)'/gs)].map(([, json]) => JSON.parse(`${json}`));
  expect(examples.map(parseFaults)).toHaveLength(4);
});
