import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { post } from '../support/call';
import { flowNames, readFlow } from '../support/flow';
import { resolve } from '../support/liquid';
import { root } from '../support/programs';
import { useSharedStack } from '../support/stack';

// docs/studio.md, held against the flows and the answers of the real functions.

const page = readFileSync(join(root, 'docs', 'studio.md'), 'utf8');
const section = (title: string) => page.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
const rows = (text: string) =>
  [...text.matchAll(/^\| (.+) \|$/gm)].map(([, cells]) => `${cells}`.split(' | ')).slice(1);
const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => `${code}`);

test('has working commands of `npm run studio`', () => {
  const commands = [...page.matchAll(/npm run -s studio -- ([^`)\n]+)/g)].map(([, args]) => `${args}`);
  expect([...new Set(commands.map((args) => args.split(' ')[0]))].sort()).toEqual(flowNames.sort());
  for (const args of new Set(commands)) {
    const program = join(root, 'build', 'cli.js');
    const printed = execFileSync(process.execPath, [program, 'studio', ...args.split(' ')], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(printed).not.toContain('YOUR-');
    expect(JSON.parse(printed).initial_state).toBe('Trigger');
  }
});

test.each([
  ['The hand-off, widget by widget', 'hand-off'],
  ['The keyword monitor, widget by widget', 'keyword-monitor'],
])('has each widget of %s', (title, name) => {
  const table = section(title)
    .split('\n\n')
    .find((text) => text.startsWith('| widget'));
  const widgets = readFlow(name).states.map((state) => state.name);
  expect(['Trigger', ...rows(`${table}`).flatMap(([cell]) => codes(cell))].sort()).toEqual(widgets.sort());
});

test('has the parameters of the hand-off', () => {
  const handOff = readFlow('hand-off').states.find(({ name }) => name === 'hand_off');
  const table = section('The hand-off, widget by widget')
    .split('\n\n')
    .find((text) => text.startsWith('| key'));
  const pairs = rows(`${table}`).map(([key, value]) => ({ key: codes(key)[0], value: codes(value)[0] }));
  expect(pairs).toEqual(handOff?.properties.parameters);
});

describe('what `parsed` has', () => {
  const { functions, api } = useSharedStack();
  let ConversationSid: string;
  beforeAll(async () => {
    ConversationSid = (await api.conversations.create({})).sid;
  });
  const call = async (path: string, form: Record<string, string>) =>
    (await post(functions.origin + path, { ConversationSid, ...form })).body;
  const table = new Map(
    rows(section('Run Function and these functions')).map(([cell, parsed]) => [
      codes(cell)[0] ?? 'fail',
      parsed,
    ]),
  );
  const has = (row: string, answer: object, fields: readonly string[]) => {
    expect(fields.length).toBeGreaterThan(0);
    const absent = fields.filter((field) => resolve(field, answer) === undefined);
    expect({ row, absent }).toEqual({ row, absent: [] });
  };
  /** Each first key of the answer is told of. */
  const isComplete = (answer: object, fields: readonly string[]) =>
    expect(Object.keys(answer).filter((key) => !fields.some((field) => field.split('.')[0] === key))).toEqual(
      [],
    );

  test('is exactly what the functions return', async () => {
    const [always = '', ofWebhook = '', ofFlows = ''] = `${table.get('/webhooks/attach')}`.split(
      /; for a |, for a /,
    );
    const trigger = { Target: 'trigger', Url: 'https://else.example/', Triggers: 'x', Method: 'get' };
    const attached = await call('/webhooks/attach', trigger);
    has('attach', attached, codes(always));
    isComplete(attached, codes(always));
    const webhook = { Target: 'webhook', Url: 'https://else.example/', Filters: 'onMessageAdded' };
    const { sid: other, ...filtered } = await call('/webhooks/attach', webhook);
    has('a webhook', filtered, codes(ofWebhook));
    const flow = { Target: 'studio', FlowSid: `FW${'a'.repeat(32)}` };
    const [ofFlow, replayed] = codes(ofFlows);
    has('a flow', await call('/webhooks/attach', flow), [`${ofFlow}`]);
    has('too late', await call('/webhooks/attach', { ...flow, ReplayAfter: 'start' }), [`${replayed}`]);

    const updated = await call('/webhooks/update', { Sid: attached.sid, Method: 'post' });
    has('update', updated, codes(always));
    isComplete(updated, codes(always));
    const fetched = await call('/webhooks/fetch', { Sid: attached.sid });
    const resource = codes(always).filter((field) => field !== 'result');
    has('fetch', fetched, resource);
    isComplete(fetched, resource);

    const others = { list: {}, detach: { Sid: other }, sync: { Profile: 'agent' } };
    for (const [name, form] of Object.entries(others)) {
      const answer = await call(`/webhooks/${name}`, form);
      const fields = codes(table.get(`/webhooks/${name}`));
      has(name, answer, fields);
      isComplete(answer, fields);
    }
    const failed = await call('/webhooks/sync', { Profile: 'nobody' });
    const fields = codes(table.get('fail'));
    has('fail', { details: {}, ...failed }, fields);
    isComplete(failed, fields);
  });
});
