import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isLoopback as isLoopbackDelivery } from '../../emulator/delivery/post';
import { isLoopback } from '../../src/lib/url';
import { root } from '../support/programs';

// What a host is has one answer, whoever asks: the functions and the programs, the scripts that run before anything is
// installed, and the emulator.

const THIS_MACHINE = [
  'localhost',
  'LOCALHOST',
  '127.0.0.1',
  '127.255.255.254',
  '127.1',
  '0x7f.1',
  '2130706433',
  '127.0.0.1.',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  'localhost.',
  'crm.localhost',
  'a.b.localhost',
  '0.0.0.0',
  '0',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:127.1.2.3]',
  '[::ffff:0.0.0.0]',
];
const ELSEWHERE = [
  'example.com',
  'localhost.example.com',
  'xlocalhost',
  'local.host',
  '127.0.0.1.example.com',
  '126.0.0.1',
  '128.0.0.1',
  '12.7.0.1',
  '10.0.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '0.0.0.1',
  '[::2]',
  '[::1:1]',
  '[1::1]',
  '[::ffff:128.0.0.1]',
  '[::7f00:1]',
  '[fe80::1]',
  '[2001:db8::1]',
];
const hostnameOf = (host: string) => new URL(`http://${host}:3000/in?127.0.0.1`).hostname;

describe.each([
  ['this machine', THIS_MACHINE, true],
  ['another machine', ELSEWHERE, false],
])('%s', (_, hosts, expected) => {
  test.each(hosts)('the functions and the programs place %s there', (host) => {
    expect(isLoopback(hostnameOf(host))).toBe(expected);
  });

  test('the scripts place each host there', () => {
    const script = pathToFileURL(join(root, 'scripts', 'loopback.mjs')).href;
    const code = `import { isLoopback } from ${JSON.stringify(script)};
      console.log(JSON.stringify(process.argv.slice(1).filter((name) => isLoopback(name) === ${expected})));`;
    const names = hosts.map(hostnameOf);
    const args = ['--input-type=module', '-e', code, ...names];
    expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual(names);
  });
});

test.each([
  ...THIS_MACHINE.map((host) => [host, true] as const),
  ...ELSEWHERE.map((host) => [host, false] as const),
])('the emulator sends to %s: %s', (host, expected) => {
  expect(isLoopbackDelivery(`http://${host}:3000/in?127.0.0.1`)).toBe(expected);
});
