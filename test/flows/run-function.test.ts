import { get, post } from '../support/call';
import { DOMAIN, filledFlow } from '../support/filled-flow';
import { type Flow, reachable, type Widget } from '../support/flow';
import { pathsIn, render, resolve } from '../support/liquid';
import { useSharedStack } from '../support/stack';

// Each Run Function widget calls the real function once so that it succeeds and once so that it fails; all that the flow
// reads of an answer has to stand in it, and all that it reads of the message has to come with one.

const UNKNOWN = 'CH00000000000000000000000000000404';
const { emulator, functions, api } = useSharedStack();
let conversation: string;
/** What an execution knows of the message that started it. */
let trigger: { conversation: Record<string, string> };

beforeEach(async () => {
  conversation = (await api.conversations.create({})).sid;
  await api.conversations(conversation).webhooks.create({
    target: 'studio',
    'configuration.flowSid': `FW${'c'.repeat(32)}`,
  });
  await post(`${emulator.origin}/_emulator/conversations/${conversation}/participants`, {
    Identity: 'somebody',
  });
  const message = { Source: 'SDK', Body: 'hello' };
  await post(`${emulator.origin}/_emulator/conversations/${conversation}/messages`, message);
  await get(`${emulator.origin}/_emulator/idle`);
  const { body } = await get(`${emulator.origin}/_emulator/executions?ConversationSid=${conversation}`);
  [{ trigger }] = body.executions;
});

const flows: [string, Flow][] = [
  ['hand-off', filledFlow('hand-off')],
  ['keyword-monitor', filledFlow('keyword-monitor', '--monitor-url', 'http://127.0.0.1:1/keywords')],
];
const isRun = ({ type }: Widget) => type === 'run-function';
const calls = flows.flatMap(([name, flow]) =>
  flow.states.filter(isRun).map((widget) => [name, widget.name, flow, widget] as const),
);

const call = async ({ properties: { url = '', parameters = [] } }: Widget, context: object) => {
  const form = parameters.map(({ key, value }) => [key, render(value, context)]);
  return post(url.replace(DOMAIN, functions.origin), Object.fromEntries(form));
};

/** Of a widget's answer: by which of its branches who reads it, and what. */
function readers(flow: Flow, { name, transitions }: Widget) {
  const reached = transitions.map(({ event, next }) => [event, reachable(flow, [next])] as const);
  return flow.states.flatMap((reader) =>
    pathsIn(JSON.stringify([reader.properties, reader.transitions]))
      .filter((path) => path.startsWith(`widgets.${name}.parsed.`))
      .map((path) => ({
        path,
        branches: reached.filter(([, names]) => names.has(reader.name)).map(([event]) => event),
      })),
  );
}

test.each(calls)('%s: %s', async (_flow, _name, flow, widget) => {
  const attached = await post(`${functions.origin}/webhooks/attach`, {
    ConversationSid: conversation,
    Target: 'trigger',
    Url: 'https://else.example/',
    Triggers: 'x',
  });
  const widgets = { attach: { parsed: attached.body } };
  const success = await call(widget, { trigger, widgets });
  expect([200, 201]).toContain(success.status);
  const elsewhere = { conversation: { ...trigger.conversation, ConversationSid: UNKNOWN } };
  const fail = await call(widget, { trigger: elsewhere, widgets });
  expect(fail).toMatchObject({ status: 404, body: { code: 20404 } });
  for (const { type, body } of [success, fail]) {
    expect(type).toMatch(/^application\/json\b/);
    expect(Array.isArray(body)).toBe(false);
  }
  const answers: Record<string, object> = { success, fail };
  for (const { path, branches } of readers(flow, widget)) {
    const [, , , ...keys] = path.split('.');
    const found = branches.filter(
      (event) => resolve(`body.${keys.join('.')}`, answers[event]!) !== undefined,
    );
    expect({ path, found }).toEqual({ path, found: expect.arrayContaining([expect.any(String)]) });
  }
});

test.each(flows)('reads only existing fields of a message in %s', (_name, flow) => {
  const paths = pathsIn(JSON.stringify(flow.states)).filter((path) => path.startsWith('trigger.'));
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths)
    expect({ path, is: resolve(path, { trigger }) }).toEqual({ path, is: expect.any(String) });
});

test('rejects an unknown parameter', async () => {
  const [, , , widget] = calls[0]!;
  const parameters = [...(widget.properties.parameters ?? []), { key: 'Foo', value: 'bar' }];
  expect(
    await call({ ...widget, properties: { ...widget.properties, parameters } }, { trigger }),
  ).toMatchObject({
    status: 400,
    body: { code: 20001, message: expect.stringContaining('Foo') },
  });
});
