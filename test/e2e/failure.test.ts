import { post, postJson } from '../support/call';
import { type Program, startEmulator, startFunctions } from '../support/programs';

// What the functions say when Twilio does not answer, or not to them.

const ConversationSid = 'CH00000000000000000000000000000001';
const Sid = `WH${'0'.repeat(32)}`;
const calls: [string, Record<string, string>][] = [
  ['webhooks/attach', { Target: 'studio', FlowSid: `FW${'a'.repeat(32)}` }],
  ['webhooks/list', {}],
  ['webhooks/fetch', { Sid }],
  ['webhooks/update', { Sid, Method: 'get' }],
  ['webhooks/detach', { Sid }],
  ['webhooks/sync', { Profile: 'bot' }],
  ['events/conversation', { EventType: 'onConversationAdded' }],
];
const ended = [
  { type: 'com.twilio.studio.flow.execution.ended', data: { contact_channel_address: ConversationSid } },
];

const programs: Program[] = [];
const started = <P extends Program>(program: P): P => {
  programs.push(program);
  return program;
};
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop('SIGKILL')));
});

test('returns Twilio’s 401 for a wrong AUTH_TOKEN, and never shows the token', async () => {
  const { origin } = started(await startEmulator());
  const AUTH_TOKEN = 'hunter2hunter2hunter2hunter2hunt';
  const functions = started(await startFunctions({ TWILIO_API_BASE_URL: origin, AUTH_TOKEN }));
  for (const [name, form] of calls) {
    const answer = await post(`${functions.origin}/${name}`, { ConversationSid, ...form });
    expect(answer).toMatchObject({ status: 401, body: { code: 20003, status: 401 } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  }
  expect(functions.output()).not.toContain('hunter2');
  expect(functions.output()).not.toContain('Basic ');
});

test('returns a 503 while Twilio is unreachable, and recovers', async () => {
  const emulator = started(await startEmulator());
  const functions = started(await startFunctions({ TWILIO_API_BASE_URL: emulator.origin }));
  const list = () => post(`${functions.origin}/webhooks/list`, { ConversationSid });
  expect(await list()).toMatchObject({ status: 200 });
  await emulator.stop();
  for (const [name, form] of calls)
    expect(await post(`${functions.origin}/${name}`, { ConversationSid, ...form })).toMatchObject({
      status: 503,
      body: { code: 20503, message: expect.stringContaining('could not be reached') },
    });
  started(await startEmulator(Number(new URL(emulator.origin).port)));
  expect(await list()).toMatchObject({ status: 200 });
});

test('returns a 503 in time if Twilio does not respond', async () => {
  const emulator = started(await startEmulator());
  const functions = started(await startFunctions({ TWILIO_API_BASE_URL: emulator.origin }));
  emulator.child.kill('SIGSTOP');
  const answers = await Promise.all([
    postJson(`${functions.origin}/events/studio`, ended),
    ...calls.map(([name, form]) => post(`${functions.origin}/${name}`, { ConversationSid, ...form })),
  ]);
  emulator.child.kill('SIGCONT');
  for (const answer of answers)
    expect(answer).toMatchObject({
      status: 503,
      // On a busy machine the function's own deadline may come first.
      body: {
        code: 20503,
        message: expect.stringMatching(
          /did not respond in time|No result within|1 of 1 conversations failed/,
        ),
      },
    });
  expect(await post(`${functions.origin}/webhooks/list`, { ConversationSid })).toMatchObject({ status: 200 });
});

test('reports which credentials are missing', async () => {
  const functions = started(await startFunctions({ AUTH_TOKEN: '' }));
  expect(await post(`${functions.origin}/webhooks/list`, { ConversationSid })).toMatchObject({
    status: 401,
    body: { code: 20003, message: expect.stringContaining('AUTH_TOKEN') },
  });
});
