import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '../../src/lib/api-error';
import { root } from '../support/programs';

const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
/** Each row of its tables: codes, statuses. */
const rows = [...page.matchAll(/^\| ([\d, ]+) \| ([\d, ]+) \|/gm)].map(([, codes, statuses]) => ({
  codes: codes!.split(', ').map(Number),
  statuses: statuses!.split(', ').map(Number),
}));
const listed = rows.flatMap(({ codes }) => codes);

const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n');
const inSource = [...new Set(source.match(/\b(?:20|50)\d{3}\b/g)?.map(Number))].filter(
  (code) => code !== 20000,
);

test('explains every code in the source', () => {
  expect(inSource.length).toBeGreaterThan(20);
  expect(inSource.filter((code) => !listed.includes(code))).toEqual([]);
});

test('has the statuses of the functions’ own errors', () => {
  const withStatus = /new ApiError\(\s*(\d{5}),(?:\s*(?:'[^']*'|`[^`]*`|"[^"]*"),\s*undefined,\s*(\d{3}))?/g;
  const own = [...source.matchAll(withStatus)].map(([, code, status]) => [Number(code), status] as const);
  expect(own.length).toBeGreaterThan(20);
  for (const [code, explicit] of own) {
    const statuses = rows.filter(({ codes }) => codes.includes(code)).flatMap((row) => row.statuses);
    // 50361 is Twilio's, and has its status where we say it ourselves.
    if (code !== 50361)
      expect([code, statuses]).toEqual([
        code,
        expect.arrayContaining([Number(explicit ?? new ApiError(code, '').status)]),
      ]);
  }
});

test('has a valid example', () => {
  const [, text] = /```json\n(.*?)```/s.exec(page)!;
  const { code, message } = JSON.parse(text!);
  expect(JSON.parse(text!)).toEqual(new ApiError(code, message).toJSON());
});
