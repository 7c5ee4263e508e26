import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { events } from '../../cli/events/events';
import { follow as followStream } from '../../cli/events/follow';
import { describeResponse } from '../../cli/events/response';
import { createEmulator } from '../../emulator/server';
import type { Delivery } from '../../emulator/state/history';
import { DEFAULT_SERVICE_SID } from '../../emulator/twilio/account';
import { DEMO, FLOW, useDemoConversation } from '../support/emulator';
import { freePort, root, runToEnd, start } from '../support/programs';
import { until } from '../support/until';

const { subject, sink, demo, say, attach } = useDemoConversation();

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** In this process. Resolves once it follows the emulator. */
async function follow(args: string[] = [], env: NodeJS.ProcessEnv = {}, isTerminal = false) {
  const stopped = new AbortController();
  const text = { out: [] as string[], err: [] as string[] };
  const ended = events(['--emulator', subject.origin, ...args], env, {
    folder: __dirname,
    isTerminal,
    out: (lines) => text.out.push(...lines.split('\n')),
    err: (line) => text.err.push(line),
    untilStopped: () => stopped.signal,
  });
  const stop = () => {
    stopped.abort();
    return ended;
  };
  stops.push(stop);
  await until(
    () => text.err.length > 0,
    () => 'it does not follow the emulator',
  );
  const lines = async (count: number): Promise<string[]> => {
    await until(
      () => text.out.length >= count,
      () => `too few lines:\n${text.out.join('\n')}`,
    );
    return text.out;
  };
  return { ...text, lines, stop };
}

const json = (body: object, status = 200) => {
  sink.respond = (_, response) => void response.writeHead(status).end(JSON.stringify(body));
};

test('prints an event, and what each webhook responded or why it did not get it', async () => {
  json({ result: 'changed', rule: 'asks-for-human', previous_profile: 'bot', profile: 'agent' });
  await attach(['onMessageAdded'], { 'configuration.url': `${sink.url}/events/conversation?Profile=bot` });
  await attach(['onMessageRemoved'], { 'configuration.url': `${sink.url}/crm` });
  await demo().webhooks.create({ target: 'studio', 'configuration.flowSid': FLOW });
  const { lines, err } = await follow();
  await say('I need a\nhuman');
  const [event, router, crm, flow] = await lines(4);
  const [execution] = await subject.executions();
  expect(err).toEqual([`following ${subject.origin}; Ctrl-C ends it`]);
  expect(event).toMatch(/^\d\d:\d\d:\d\d onMessageAdded CH0{31}1 #0 \+15005550006 "I need a\\nhuman"$/);
  expect(router).toMatch(
    /^ {2}✓ 200 \d+ ms webhook http:\/\/127\.0\.0\.1:\d+\/events\/conversation changed: /,
  );
  expect(router).toMatch(/changed: bot → agent by asks-for-human$/);
  expect(crm).toBe(`  – webhook ${sink.url}/crm onMessageAdded is not in its filters.`);
  expect(flow).toBe(`  ✓ delivered studio ${FLOW} ${execution?.sid}`);
});

test('prints failed deliveries with their error, and those that are sent again', async () => {
  await subject.api
    .services(DEFAULT_SERVICE_SID)
    .configuration.webhooks()
    .update({
      postWebhookUrl: `http://127.0.0.1:${await freePort()}/post`,
      filters: ['onMessageAdded'],
    });
  json({ code: 20503, message: 'No time was left' }, 503);
  await attach(['onMessageAdded']);
  await attach(['onMessageAdded'], { 'configuration.url': 'https://example.com/' });
  const { lines } = await follow();
  await say('one');
  const [, own, remote, service] = await lines(4);
  expect(own).toMatch(/^ {2}✗ 503 \d+ ms webhook http\S+\/hook error 20503: No time was left$/);
  expect(remote).toBe('  ✗ blocked webhook https://example.com/');
  expect(service).toMatch(/^ {2}✗ refused ECONNREFUSED \d+ ms service http\S+\/post$/);
  json({});
  const { id } = (await subject.deliveries()).find(
    ({ level, outcome }) => level === 'scoped' && outcome === 'answered',
  )!;
  await subject.control('POST', `/deliveries/${id}/again`);
  const again = (await lines(9)).slice(4);
  expect(again.filter((line) => line.includes('again'))).toEqual([
    expect.stringMatching(/^ {2}✓ 200 \d+ ms webhook http\S+\/hook again$/),
  ]);
});

test('prints why an event could reach nobody', async () => {
  const { lines } = await follow();
  await demo().update({ state: 'inactive', xTwilioWebhookEnabled: 'true' });
  await demo().messages.create({ body: 'silent', author: 'agent' });
  expect((await lines(6)).map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'time'))).toEqual([
    `time onConversationStateUpdated ${DEMO} inactive`,
    '  – The conversation has no webhook, nor has its service or the account.',
    `time onConversationStateUpdated ${DEMO} active`,
    '  – The request had no X-Twilio-Webhook-Enabled: true.',
    `time onMessageAdded ${DEMO} #0 agent "silent"`,
    '  – The request had no X-Twilio-Webhook-Enabled: true.',
  ]);
});

test('prints what keeps an event from everybody once, and what keeps it from a webhook besides', async () => {
  await attach(['onMessageAdded']);
  await attach(['onMessageRemoved'], { 'configuration.url': 'https://example.com/' });
  const { lines } = await follow();
  await demo().messages.create({ body: 'silent', author: 'agent' });
  expect((await lines(3)).slice(1)).toEqual([
    '  – The request had no X-Twilio-Webhook-Enabled: true.',
    '  – webhook https://example.com/ onMessageAdded is not in its filters.',
  ]);
});

test('waits for the last response before it prints an event', async () => {
  let respond = () => {};
  sink.respond = (_, response) => {
    respond = () => void response.end();
  };
  await attach(['onMessageAdded']);
  const { lines, out } = await follow();
  await say('one');
  await until(
    () => sink.requests.length === 1,
    () => 'nothing was delivered',
  );
  await subject.control('POST', '/conversations/demo/state', { State: 'inactive' });
  expect(await lines(2)).toEqual([
    expect.stringContaining('onConversationStateUpdated'),
    expect.stringContaining('is not in its filters'),
  ]);
  respond();
  await lines(4);
  expect(out.slice(2)).toEqual([expect.stringContaining('onMessageAdded'), expect.stringContaining('✓ 200')]);
});

test('marks replayed messages', async () => {
  await say('one');
  const { lines } = await follow();
  await attach(['onMessageAdded'], { 'configuration.replayAfter': 0 });
  expect((await lines(2))[0]).toMatch(/"one" replay$/);
});

test('prints one line of JSON for each event with --json', async () => {
  await attach(['onMessageAdded']);
  const { lines } = await follow(['--json'], { FORCE_COLOR: '1' });
  await say('one');
  const [line] = await lines(1);
  const [event] = (await subject.control('GET', '/events')).body.events;
  const deliveries = await subject.deliveries();
  expect(JSON.parse(`${line}`)).toEqual({ ...event, webhooks: [{ ...event.webhooks[0], deliveries }] });
});

test('follows one conversation with --conversation', async () => {
  const { sid } = await subject.api.conversations.create({});
  const { lines } = await follow(['--conversation', sid]);
  await say('elsewhere');
  await subject.api.conversations(sid).messages.create({ body: 'here' });
  expect((await lines(2))[0]).toContain(`${sid} #0`);
});

test.each<[string, NodeJS.ProcessEnv, boolean, boolean]>([
  ['a terminal', {}, true, true],
  ['a terminal with NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['a pipe', {}, false, false],
  ['a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
  ['a terminal with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
])('has colours or none on %s', async (_, env, isTerminal, hasColours) => {
  const { lines } = await follow([], env, isTerminal);
  await say('\u001b[31mred');
  const text = (await lines(2)).join('\n');
  expect(text.includes('\u001b[1monMessageAdded')).toBe(hasColours);
  expect(text).not.toContain('\u001b[31m');
});

test('follows the emulator again after a restart', async () => {
  const { lines, err } = await follow();
  await say('one');
  await lines(2);
  const { port } = new URL(subject.origin);
  await subject.stop();
  await until(
    () => err.length === 2,
    () => 'it has not noticed',
  );
  const other = await createEmulator({ port: Number(port) });
  stops.push(() => other.close());
  await until(
    () => err.length === 3,
    () => 'it has not come back',
  );
  await say('two');
  expect((await lines(4))[2]).toMatch(/#0 .* "two"$/);
  expect(err.slice(1)).toEqual([
    `${subject.origin} has closed the connection; trying again`,
    `following ${subject.origin}; Ctrl-C ends it`,
  ]);
});

test.each([
  [
    { result: 'unchanged', profile: 'agent', previous_profile: 'agent', why: 'no rule matches' },
    'unchanged: in agent; no rule matches',
  ],
  [
    {
      result: 'ignored',
      why: 'no rule matches',
      nearest: { rule: 'asks-for-human', needs: ['Body words', 'Source'] },
    },
    'ignored: no rule matches; nearest: asks-for-human, which needs Body words, Source',
  ],
  [
    { result: 'changed', rule: 0, profile: 'bot', previous_profile: null },
    'changed: no profile → bot by rule 0',
  ],
  [{ result: 'failed', profile: 'x', previous_profile: 'x', warnings: ['add it'] }, 'failed: in x; add it'],
  [{ code: 50361, message: 'No free slot' }, 'error 50361: No free slot'],
  [{ valid: true }, ''],
  [['result'], ''],
  [null, ''],
])('says of the response %j: %s', (body, text) => {
  const response = { headers: {}, body: JSON.stringify(body) };
  expect(describeResponse({ response } as Delivery)).toBe(text);
});

test.each([null, { headers: {}, body: '{"result":"chan' }, { headers: {}, body: '<html>' }])(
  'says nothing of a response that is not of the functions: %j',
  (response) => {
    expect(describeResponse({ response } as Delivery)).toBe('');
  },
);

test('comes back to the stream from where it was, and reads it in any pieces', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(async ({ headers }, response) => {
    asked.push(headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const text = `retry: 1000\nid: 5\n\n:\n\nid: ${asked.length + 5}\nevent: settings\ndata: {"ü":1}\n\nid: 9\nev`;
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const stopped = new AbortController();
  const heard: string[] = [];
  const listener = { opened: () => heard.push('opened'), lost: () => heard.push('lost') };
  for await (const change of followStream(url, stopped.signal, listener)) {
    expect(change).toEqual({ event: 'settings', data: { ü: 1 } });
    if (asked.length === 2) stopped.abort();
  }
  expect(asked).toEqual([undefined, '6']);
  expect(heard).toEqual(['opened', 'lost', 'opened']);
  server.closeAllConnections();
  server.close();
});

const PROGRAM = 'build/cli.js';

test.each([
  [['--conversation', 'demo'], '--conversation must be a SID such as CH00000000000000000000000000000001\n'],
  [['--emulator', 'localhost'], '--emulator must be a URL such as http://127.0.0.1:4010\n'],
  [['--emulator', 'http://127.0.0.1:4010/v1'], '--emulator must be a URL such as http://127.0.0.1:4010\n'],
  [['--jsn'], 'unknown option --jsn; did you mean --json?\n'],
  [['all'], 'unexpected argument; see npm run events -- --help\n'],
])('rejects the arguments %j in one sentence, with exit code 2', async (args, stderr) => {
  expect(await runToEnd(PROGRAM, ['events', ...args], {})).toEqual({ code: 2, stdout: '', stderr });
});

test('rejects an EMULATOR_PORT that is not a port', async () => {
  expect(await runToEnd(PROGRAM, ['events'], { EMULATOR_PORT: 'x' })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'EMULATOR_PORT must be a port\n',
  });
});

test.each(['--help', '-h'])('prints its options and examples with %s', async (help) => {
  const { code, stdout, stderr } = await runToEnd(PROGRAM, ['events', help], {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: npm run events -- +\[options\]\n/);
  for (const flag of ['--conversation', '--emulator', '--json'])
    expect(stdout).toMatch(new RegExp(`^ {2}${flag}\\b`, 'm'));
});

test('ends with exit code 3 if no emulator responds', async () => {
  const port = String(await freePort());
  const origin = `http://127.0.0.1:${port}`;
  expect(await runToEnd(PROGRAM, ['events'], { EMULATOR_PORT: port })).toEqual({
    code: 3,
    stdout: '',
    stderr: `${origin} is unreachable (ECONNREFUSED); start the emulator with npm start or npm run emulator\n`,
  });
});

test('ends with exit code 3 if it is another server', async () => {
  const server = createServer((_, response) => void response.writeHead(404).end('no')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await runToEnd(PROGRAM, ['events', '--emulator', origin], {})).toEqual({
    code: 3,
    stdout: '',
    stderr: `${origin} is not the emulator, or an older one: /_emulator/stream responded 404\n`,
  });
  server.close();
});

test.each(['SIGINT', 'SIGTERM'] as const)('ends with exit code 0 on %s', async (signal) => {
  const program = await start(PROGRAM, ['events', '--emulator', subject.origin], (output) =>
    output.includes('following'),
  );
  await program.stop(signal);
  expect([program.child.exitCode, program.output().split('\n').length]).toEqual([0, 2]);
});

test('ends with exit code 0 when nobody reads its output any more', async () => {
  const child = spawn(process.execPath, [join(root, PROGRAM), 'events', '--emulator', subject.origin], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  await until(
    () => stderr.includes('following'),
    () => stderr,
  );
  await say('one');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await say('two');
  expect([await closed, stderr.split('\n').length]).toEqual([[0, null], 2]);
});
