import { ApiError } from '../../src/lib/api-error';
import { type SyncRequest, sync } from '../../src/sync/sync';
import type { EventTrigger } from '../../src/sync/trigger';
import type { Execution, Executions } from '../../src/webhooks/executions';
import { routerDefinition } from '../../src/webhooks/router';
import { FakeConversation } from '../support/conversation';
import { desiredWith, foreign, desired as plain, routerState } from '../support/desired-state';

const FLOW = `FW${'b'.repeat(32)}`;
const SURVEY = `FW${'c'.repeat(32)}`;
const CONVERSATION = `CH${'1'.padStart(32, '0')}`;
const OTHER = `CH${'2'.padStart(32, '0')}`;
const CUSTOMER = '+15005550006';

const desired = desiredWith({
  webhooks: {
    ...plain.webhooks,
    bot: { target: 'studio', flowSid: FLOW, endExecutions: true },
    survey: { target: 'studio', flowSid: SURVEY, endExecutions: true },
    monitor: { target: 'studio', flowSid: `FW${'d'.repeat(32)}` },
  },
});

/** Studio in memory; a test may let calls fail. */
class FakeStudio implements Executions {
  readonly calls: string[] = [];
  readonly running: Record<string, Execution[]> = {};
  readonly conversations: Record<string, string> = {};
  complete = true;
  since: string | undefined;
  before: (call: string) => void = () => {};

  async active(flowSid: string, since: string | undefined) {
    this.note(`active ${flowSid.slice(0, 3)}`);
    this.since = since;
    return { executions: this.running[flowSid] ?? [], complete: this.complete };
  }

  async conversationOf(_: string, sid: string) {
    this.note(`conversationOf ${sid}`);
    return this.conversations[sid];
  }

  async addresses() {
    this.note('addresses');
    return [CUSTOMER];
  }

  async end(_: string, sid: string) {
    this.note(`end ${sid}`);
  }

  private note(call: string) {
    this.before(call);
    this.calls.push(call);
  }
}

let conversation: FakeConversation;
let studio: FakeStudio;
beforeEach(() => {
  conversation = new FakeConversation();
  studio = new FakeStudio();
  studio.running[FLOW] = [{ sid: 'FN1', address: CONVERSATION }];
});

const at = () => conversation.now - 600;
const enter = (profile: string) => {
  conversation.plant(routerDefinition(routerState(profile, { At: at() }), desired.router), at());
  for (const name of desired.profiles[profile]!) conversation.plant(desired.webhooks[name]!, at());
};
const leadsTo = (profile: string, more: Partial<EventTrigger> = {}): EventTrigger => ({
  kind: 'event',
  key: 'event',
  rules: [{ on: 'onMessageAdded', profile, replay: 'this', index: 0 }],
  added: 5,
  about: 5,
  needsNewest: false,
  repairs: false,
  ...more,
});
const request = (profile: string) => ({ kind: 'request', key: 'reqst', profile, replayAfter: 3 }) as const;
const run = (trigger: SyncRequest['trigger'], more: Partial<SyncRequest> = {}) =>
  sync(conversation, { desired, trigger, timing: conversation.timing, executions: studio, ...more });
const refused = new ApiError(20403, 'Forbidden', undefined, 403);
const failOn = (call: string) => {
  studio.before = (name) => {
    if (name === call) throw refused;
  };
};
const ended = (plan: readonly { step: string; sid?: string }[]) =>
  plan.flatMap(({ step, sid }) => (step === 'endExecution' ? sid : []));

test('ends the execution of a flow that a rule leaves, after its webhook is deleted and the decision verified', async () => {
  enter('bot');
  studio.before = () => expect(conversation.calls).toEqual(['list', 'update', 'create', 'remove', 'list']);
  const result = await run(leadsTo('agent'));
  expect(studio.calls).toEqual(['active FWb', 'end FN1']);
  expect(result).toMatchObject({ profile: 'agent', result: 'changed', count: 2, free: 3 });
  expect(result.plan.at(-1)).toEqual({
    step: 'endExecution',
    webhook: 'bot',
    sid: 'FN1',
    why: 'not in profile agent',
  });
  expect(result.warnings).toBeUndefined();
});

test('searches executions since a minute before the oldest webhook', async () => {
  enter('bot');
  const attached = at();
  conversation.plant(foreign(1), attached - 30);
  conversation.plant(foreign(2), attached + 30);
  await run(leadsTo('agent'));
  expect(Date.parse(`${studio.since}`)).toBe((attached - 30 - 60) * 1000);
});

test('ends executions of each such flow, and of no other', async () => {
  enter('full');
  studio.running[SURVEY] = [{ sid: 'FN2', address: CONVERSATION }];
  const { plan } = await run(leadsTo('agent'));
  expect(ended(plan)).toEqual(['FN1', 'FN2']);
  expect(studio.calls).toEqual(['active FWb', 'end FN1', 'active FWc', 'end FN2']);
});

test('keeps the executions of a flow that is in the new profile as well', async () => {
  enter('full');
  await run(leadsTo('both'));
  expect(studio.calls).toEqual(['active FWc']);
});

test.each<[string, () => Promise<unknown>]>([
  ['a repair', () => run({ kind: 'repair' })],
  ['an event that no rule matches', () => run(leadsTo('', { rules: [], repairs: true }))],
  ['a rule to the current profile', () => run(leadsTo('bot'))],
  ['an event that has decided before', () => run(leadsTo('agent', { key: 'aaaaa' }))],
  ['a call without leave to', () => run(request('agent'), { executions: undefined })],
  ['a call to the current profile', () => run(request('bot'))],
])('ends none for %s', async (_, act) => {
  conversation.plant(routerDefinition(routerState('bot', { At: at(), Done: ['aaaaa'] }), desired.router));
  conversation.plant(desired.webhooks.bot!);
  await act();
  expect(studio.calls).toEqual([]);
});

test('ends none on entry', async () => {
  await run(
    leadsTo('agent', { rules: [{ on: 'onConversationAdded', profile: 'agent', replay: 'start', index: 0 }] }),
  );
  expect(studio.calls).toEqual([]);
});

test('ends them for a call that may', async () => {
  enter('bot');
  expect(ended((await run(request('agent'))).plan)).toEqual(['FN1']);
});

test('knows the profile before by a former name', async () => {
  conversation.plant(routerDefinition(routerState('robot', { At: at() }), desired.router), at());
  expect(ended((await run(leadsTo('agent'))).plan)).toEqual(['FN1']);
});

test('ends them in a closed conversation, where the decision cannot be written', async () => {
  enter('bot');
  conversation.closed = true;
  const { plan, refused: steps } = await run(leadsTo('closed'));
  expect(plan.map(({ step, webhook }) => `${step} ${webhook}`)).toEqual(['delete bot', 'endExecution bot']);
  expect(steps).toMatchObject([{ webhook: 'router', code: 50377 }]);
});

test('ends none if another decision brings the conversation back before the end', async () => {
  enter('bot');
  let lists = 0;
  conversation.before = (call) => {
    if (call !== 'list' || ++lists !== 2) return;
    const back = routerState('bot', { At: conversation.now + 1, Done: ['event', 'other'] });
    const { target: _, ...settings } = routerDefinition(back, desired.router);
    conversation.rewrite(conversation.webhooks[0]!.sid, settings, conversation.now + 1);
  };
  expect(await run(leadsTo('agent'))).toMatchObject({ profile: 'bot' });
  expect(studio.calls).toEqual([]);
});

test('ends none that another run’s decision leaves', async () => {
  enter('bot');
  conversation.webhooks.pop();
  conversation.newest = 9;
  let lists = 0;
  conversation.before = (call) => {
    if (call !== 'list' || ++lists !== 3) return;
    const { target: _, ...settings } = routerDefinition(
      routerState('closed', { At: conversation.now, Done: ['other'] }),
      desired.router,
    );
    conversation.rewrite(conversation.webhooks[0]!.sid, settings);
  };
  expect(await run({ kind: 'repair' })).toMatchObject({ previous_profile: 'bot', profile: 'closed' });
  expect(studio.calls).toEqual([]);
});

test('ends none if somebody deletes the router before the end', async () => {
  enter('bot');
  let lists = 0;
  conversation.before = (call) => {
    if (call === 'list' && ++lists === 2) conversation.webhooks.shift();
  };
  expect(await run(leadsTo('agent'))).toMatchObject({ previous_profile: 'bot', profile: null });
  expect(studio.calls).toEqual([]);
});

test('shows in a dry run what it would end, and asks for nothing', async () => {
  enter('bot');
  const { plan } = await run(request('agent'), { dryRun: true });
  expect(plan.at(-1)).toEqual({ step: 'endExecution', webhook: 'bot', why: 'not in profile agent' });
  expect(studio.calls).toEqual([]);
  expect(conversation.calls).toEqual(['list']);
});

describe('by the customer’s address', () => {
  beforeEach(() => {
    enter('bot');
    studio.running[FLOW] = [
      { sid: 'FN1', address: CUSTOMER },
      { sid: 'FN2', address: '+15005550099' },
      { sid: 'FN3', address: OTHER },
      { sid: 'FN4', address: CONVERSATION },
    ];
  });

  test.each([
    ['is in this conversation', CONVERSATION, ['FN4', 'FN1']],
    ['does not say in which it is', undefined, ['FN4', 'FN1']],
    ['is in another conversation', OTHER, ['FN4']],
  ])('ends what has the conversation’s SID, and decides on one that %s', async (_, about, expected) => {
    if (about) studio.conversations.FN1 = about;
    expect(ended((await run(leadsTo('agent'))).plan)).toEqual(expected);
    expect(studio.calls.filter((call) => !call.startsWith('end'))).toEqual([
      'active FWb',
      'addresses',
      'conversationOf FN1',
    ]);
  });

  test.each([`x${OTHER}`, `${OTHER}1`])(
    'takes only a whole SID for a conversation’s: %s may be an address',
    async (address) => {
      studio.running[FLOW] = [{ sid: 'FN5', address }];
      studio.addresses = async () => [address];
      expect(ended((await run(leadsTo('agent'))).plan)).toEqual(['FN5']);
    },
  );

  test('asks for the addresses once, whatever the number of flows', async () => {
    conversation.webhooks.splice(0);
    enter('full');
    studio.running[SURVEY] = [{ sid: 'FN5', address: CUSTOMER }];
    expect(ended((await run(leadsTo('agent'))).plan)).toEqual(['FN4', 'FN1', 'FN5']);
    expect(studio.calls.filter((call) => call === 'addresses')).toHaveLength(1);
  });

  test('has ended what has the conversation’s SID when the addresses cannot be fetched', async () => {
    failOn('addresses');
    const { plan, warnings } = await run(leadsTo('agent'));
    expect(ended(plan)).toEqual(['FN4']);
    expect(warnings).toEqual(['could not end the executions of bot: 20403 Forbidden']);
  });
});

describe('a failure', () => {
  test.each(['active FWb', 'end FN1'])('of %s is a warning, and the decision stands', async (call) => {
    enter('bot');
    failOn(call);
    const result = await run(leadsTo('agent'));
    expect(result).toMatchObject({
      profile: 'agent',
      result: 'changed',
      warnings: ['could not end the executions of bot: 20403 Forbidden'],
    });
    expect(ended(result.plan)).toEqual([]);
  });

  test('of one flow leaves the next alone', async () => {
    enter('full');
    studio.running[SURVEY] = [{ sid: 'FN2', address: CONVERSATION }];
    failOn('active FWb');
    const { plan, warnings } = await run(leadsTo('agent'));
    expect(ended(plan)).toEqual(['FN2']);
    expect(warnings).toHaveLength(1);
  });

  test('in our own code is not hidden', async () => {
    enter('bot');
    studio.before = () => {
      throw new TypeError('a bug');
    };
    await expect(run(leadsTo('agent'))).rejects.toThrow('a bug');
  });

  test('is that no time is left', async () => {
    enter('bot');
    const timing = { ...conversation.timing, deadline: 1_700 };
    let lists = 0;
    conversation.before = (call) => {
      if (call === 'list' && ++lists === 2) conversation.clock += 450;
    };
    const { warnings } = await run(leadsTo('agent'), { timing });
    expect(warnings).toEqual(['could not end the executions of bot: no time was left']);
    expect(studio.calls).toEqual([]);
  });

  test('is that two pages have none of the conversation', async () => {
    enter('bot');
    studio.complete = false;
    studio.running[FLOW] = [{ sid: 'FN9', address: OTHER }];
    expect((await run(leadsTo('agent'))).warnings).toEqual([
      'could not end the executions of bot: none of the first 1 is of this conversation, and there are more',
    ]);
    for (const [complete, address] of [
      [true, OTHER],
      [false, CONVERSATION],
    ] as const) {
      conversation.webhooks.splice(0);
      enter('bot');
      studio.complete = complete;
      studio.running[FLOW] = [{ sid: 'FN9', address }];
      expect((await run(leadsTo('agent'))).warnings).toBeUndefined();
    }
  });
});
