import { curlOf } from '../../../emulator/console/page/curl';
import { decisionOf } from '../../../emulator/console/page/decision';
import { slotChanges } from '../../../emulator/console/page/state';
import type { Delivery, Webhook } from '../../../emulator/console/page/types';

const responding = (body: unknown) =>
  ({
    response: { headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
  }) as unknown as Delivery;

test.each<[string, unknown, object | null]>([
  [
    'a rule that decided',
    {
      result: 'changed',
      rule: 'asks-for-human',
      profile: 'agent',
      previous_profile: 'bot',
      policy: 'abc123',
      plan: [
        { step: 'create', webhook: 'crm' },
        { step: 'endExecution', webhook: 'bot', sid: 'FN1' },
        { step: 'delete', webhook: 'bot', sid: 'WH1' },
      ],
      replay: 3,
    },
    {
      title: 'asks-for-human',
      move: { from: 'bot', to: 'agent' },
      details: ['create crm, end the execution of bot, delete bot', 'replay from message 3'],
      names: [{ sid: 'WH1', policy_name: 'bot' }],
    },
  ],
  [
    'the nearest rule',
    {
      result: 'ignored',
      why: 'no rule matches',
      policy: 'p',
      nearest: { rule: 2, needs: ['Body words', 'Source not'] },
    },
    {
      title: 'nothing decided',
      move: null,
      details: ['nearest rule rules[2]: Body words, Source not do not hold'],
    },
  ],
  [
    'a repair',
    { result: 'changed', policy: 'p', plan: [{ step: 'create', webhook: 'sos' }] },
    { title: 'repaired' },
  ],
  ['another receiver', { ok: true }, null],
  ['a response that is cut off', '{"result": "changed", "policy": "p', null],
])('reads %s', (_, body, expected) => {
  const decision = decisionOf(responding(body));
  if (expected === null) expect(decision).toBeNull();
  else expect(decision).toMatchObject(expected);
});

test('has no curl command for a flow, and quotes what a shell would read', () => {
  const delivery = {
    method: 'POST',
    url: "http://127.0.0.1/a?b='c'",
    params: { Body: "it's" },
    events: null,
    signature: 's=',
  };
  expect(curlOf({ ...delivery, method: null, url: null } as unknown as Delivery)).toBeUndefined();
  expect(curlOf(delivery as unknown as Delivery)).toBe(
    `curl 'http://127.0.0.1/a?b='\\''c'\\''' \\
  -H 'X-Twilio-Signature: s=' \\
  -H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8' \\
  --data-raw 'Body=it%27s'`,
  );
});

test('finds what was attached, changed and detached, and forgets it after a while', () => {
  const webhook = (sid: string, url: string) =>
    ({ sid, target: 'webhook', configuration: { url } }) as Webhook;
  const [a, b, c] = [webhook('WH1', 'a'), webhook('WH2', 'b'), webhook('WH3', 'c')];
  const changed = { ...b, configuration: { url: 'new' } };
  const first = slotChanges([a, b], [changed, c], [], 1_000);
  expect(first.map(({ kind, webhook: { sid } }) => [kind, sid])).toEqual([
    ['changed', 'WH2'],
    ['attached', 'WH3'],
    ['detached', 'WH1'],
  ]);
  expect(slotChanges([changed, c], [changed, c], first, 2_000)).toHaveLength(3);
  expect(slotChanges([changed, c], [changed, c], first, 60_000)).toEqual([]);
});
