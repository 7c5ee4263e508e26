import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from '../support/programs';

const dotenv = (variables: object, env: NodeJS.ProcessEnv = {}, ...names: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/dotenv.mjs'), ...names], {
    env: { ...env, VARIABLES: JSON.stringify(variables) },
    encoding: 'utf8',
  });

test('what it prints is read as what it was given', () => {
  const variables = {
    CRM_URL: 'https://crm.example/in?a=1#b',
    ODD: `it's = $HOME #`,
    QUOTED: 'say "hi"\\n',
  };
  const { stdout, status } = dotenv(variables, { AUTH_TOKEN: 'hunter2', OTHER: 'x' }, 'AUTH_TOKEN', 'ABSENT');
  expect(status).toBe(0);
  expect(parseEnv(stdout)).toEqual({ ...variables, AUTH_TOKEN: 'hunter2', ABSENT: '' });
});

test.each(['two\nlines', `both ' and "`, `both ' and \\\\`])('%j is refused, by its name', (value) => {
  const { stdout, stderr, status } = dotenv({ SECRET: value });
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^SECRET cannot stand/);
  expect(stderr).not.toContain(value);
});
