import fc from 'fast-check';
import type { CaseFile, Listener, Message } from '../../../cli/why/case';
import type { CauseKind } from '../../../cli/why/causes';
import { verdictOf } from '../../../cli/why/verdict';
import {
  alert,
  at,
  CRM,
  caseFile,
  HOST,
  line,
  listener,
  logged,
  message,
  router,
} from '../../support/case-file';

const verdict = (facts: Partial<CaseFile>, about: Partial<Message> = {}) =>
  verdictOf(caseFile(facts), message(about));
const kinds = (facts: Partial<CaseFile>, about: Partial<Message> = {}) =>
  verdict(facts, about).causes.map(({ kind }) => kind);
const changed = { result: 'changed', rule: 'asks-for-human', from: 'bot', to: 'agent', why: undefined };

describe('names first', () => {
  test.each<[CauseKind, string, Partial<CaseFile>, Partial<Message>]>([
    [
      'rest',
      'nobody in the conversation wrote it, and the router was not called',
      { listeners: [router()] },
      { writer: 'nobody' },
    ],
    [
      'rest',
      'a chat participant wrote it, and the router was not called',
      { listeners: [router()] },
      { writer: 'chat' },
    ],
    [
      'rest',
      'nobody in the conversation wrote it, and there is no router',
      { listeners: [listener()] },
      { writer: 'nobody' },
    ],
    [
      'not-called',
      'it came by SMS, and the router was not called',
      { listeners: [router(), listener()] },
      {},
    ],
    [
      'attached-late',
      'a webhook came later',
      { listeners: [router(), listener({ created: at(101) })], log: logged(line()) },
      {},
    ],
    ['attached-late', 'the router came later', { listeners: [router({ created: at(200) })] }, {}],
    [
      'filters',
      'a webhook has other filters',
      { listeners: [listener({ filters: ['onMessageRemoved'] })] },
      {},
    ],
    [
      'keyword',
      'a trigger has other keywords',
      { listeners: [listener({ target: 'trigger', filters: [], keywords: ['urgent'] })] },
      {},
    ],
    [
      'responded',
      'the receiver responded 500',
      { listeners: [router(), listener()], log: logged(line()), alerts: [alert()] },
      {},
    ],
    [
      'responded',
      'a receiver responded 500 that is gone',
      { listeners: [router()], log: logged(line()), alerts: [alert({ address: 'https://old.example/' })] },
      {},
    ],
    [
      'timeout',
      'the receiver took over five seconds',
      { listeners: [listener()], alerts: [alert({ code: 50076, status: null })] },
      {},
    ],
    [
      'unreachable',
      'the receiver is down',
      { listeners: [listener()], alerts: [alert({ code: 11205, status: null })] },
      {},
    ],
    [
      'function-failed',
      'the functions failed',
      {
        listeners: [router()],
        log: logged(line({ status: 503, code: 20503, result: undefined, why: undefined })),
      },
      {},
    ],
    [
      'already-in-profile',
      'a rule leads to the current profile',
      {
        listeners: [router()],
        log: logged(line({ result: 'unchanged', why: 'already in profile agent', to: 'agent' })),
      },
      {},
    ],
    [
      'already-in-profile',
      'the only rule is for another profile, and leads to this one',
      {
        listeners: [router()],
        log: logged(line({ result: 'unchanged', why: 'no rule matches in profile agent', to: 'agent' })),
      },
      {},
    ],
    [
      'other-profile',
      'rules are for other profiles',
      {
        listeners: [router()],
        log: logged(line({ result: 'unchanged', why: 'no rule matches in profile night', to: 'night' })),
      },
      {},
    ],
    [
      'unknown-profile',
      'the profile is not in the policy',
      { listeners: [router()], log: logged(line({ result: 'failed', why: undefined, to: 'gone' })) },
      {},
    ],
    ['no-rule', 'no condition holds', { listeners: [router()], log: logged(line()) }, {}],
    [
      'other-deployment',
      'the router is of another deployment',
      { listeners: [router({ deployment: 'old-1.twil.io' })] },
      {},
    ],
    ['no-webhook', 'there is nobody', {}, {}],
    ['not-managed', 'there is no router', { listeners: [listener()] }, {}],
    [
      'shadowed',
      'the service has a webhook',
      {
        listeners: [
          listener({ level: 'account', label: 'account' }),
          listener({ level: 'service', deployment: 'x.twil.io' }),
        ],
      },
      {},
    ],
  ])('%s: %s', (kind, _, facts, about) => {
    const found = kinds(facts, about);
    expect(kind === 'shadowed' ? found : found[0]).toEqual(
      kind === 'shadowed' ? expect.arrayContaining([kind]) : kind,
    );
  });
});

test('says to whom a message was delivered, and which rule decided', () => {
  const sos = listener({
    label: 'sos',
    sid: 'WH3',
    address: `${CRM}/urgent`,
    managed: true,
    target: 'trigger',
    keywords: ['urgent'],
  });
  expect(verdict({ listeners: [router(), listener(), sos], log: logged(line(changed)) })).toEqual({
    message: message().sid,
    outcomes: [
      { listener: 'router', got: 'yes' },
      { listener: CRM, got: 'presumably' },
      { listener: 'sos', got: 'no', cause: 'keyword' },
    ],
    decision: {
      date: line().date,
      result: 'changed',
      rule: 'asks-for-human',
      from: 'bot',
      to: 'agent',
      why: null,
    },
    causes: [],
  });
});

describe('of a conversation without a router, where the account webhook is of this deployment', () => {
  const account = router({
    ...{ level: 'account', sid: null, label: 'account webhook', created: null, updated: null },
    filters: ['onConversationAdded'],
  });
  const sync = `npm run call -- sync ConversationSid=${caseFile().conversation.sid} Profile=bot ReplayAfter=start --url https://${HOST}`;

  test('names not-managed first, and what failed', () => {
    const failed = { status: 503, code: 20503, message: 'Service Unavailable', why: undefined };
    const lines = [line({ event: 'onConversationAdded', index: undefined, result: undefined, ...failed })];
    const [first] = verdict({ listeners: [account], log: logged(...lines) }, { writer: 'chat' }).causes;
    expect(first).toEqual({
      kind: 'not-managed',
      listener: null,
      what: 'The conversation has no router, so no rule sees its messages; onConversationAdded failed with error 20503 Service Unavailable.',
      remedy: 'Make it managed:',
      command: sync,
    });
  });

  test('says that it may be older than the webhook, if nothing about it is logged', () => {
    const [first] = verdict({ listeners: [account] }).causes;
    expect(first).toMatchObject({
      kind: 'not-managed',
      what: expect.stringContaining('created before the webhook for new conversations was registered'),
      command: sync,
    });
  });
});

describe('of a webhook of the profile that is not attached', () => {
  const state = { profile: 'agent', replay: 0, decided: at(50), policy: 'KTgg8p', checkout: 'KTgg8p' };
  const facts = (...warnings: string[]) => ({
    router: { ...state, webhooks: ['crm', 'sos'] },
    listeners: [router(), listener({ label: 'sos', managed: true })],
    log: logged(line({ ...changed, warnings })),
  });
  const repair = `npm run call -- sync ConversationSid=${caseFile().conversation.sid} --url https://${HOST}`;

  test('names the code with which Twilio refused it, although a rule decided', () => {
    const { causes, outcomes } = verdict(facts('Twilio refused to create crm: 50365 Invalid URL'));
    expect(causes).toEqual([
      {
        kind: 'not-attached',
        listener: 'crm',
        what: 'crm is in profile agent, and is not attached: Twilio refused it (50365 Invalid URL).',
        remedy:
          'Correct the webhook in the policy, deploy it, and repair the conversation; docs/errors.md has 50365:',
        command: repair,
      },
    ]);
    expect(outcomes).toContainEqual({ listener: 'crm', got: 'absent', cause: 'not-attached' });
  });

  test('says that it is not attached, if the log does not say why', () => {
    const [cause] = verdict(facts('Twilio refused to create other: 50365 Invalid URL')).causes;
    expect(cause).toMatchObject({
      what: 'crm is in profile agent, and is not attached.',
      remedy: 'Repair the conversation:',
    });
  });

  test('does not expect webhooks of another policy', () => {
    expect(kinds({ ...facts(), router: { ...state, webhooks: null } })).toEqual([]);
  });
});

describe('of an alert about the URL of both the router and the account webhook', () => {
  const account = router({ level: 'account', sid: null, label: 'account webhook', filters: [] });
  const url = router().address;
  const failed = (facts: object, filters: string[]) =>
    verdict({
      listeners: [router(), { ...account, filters }],
      alerts: [alert({ address: url, ...facts })],
      log: { ...logged(), issue: 'refused' },
    }).outcomes.flatMap(({ listener, got }) => (got === 'failed' ? [listener] : []));

  test.each([
    ['the router, by its SID', { webhook: router().sid }, ['onMessageAdded'], ['router']],
    ['the router, whose filters have the event', { webhook: null }, ['onConversationAdded'], ['router']],
    ['nobody for another event', { webhook: null, message: null, event: 'onConversationAdded' }, [], []],
  ])('blames %s', (_, facts, filters, blamed) => {
    expect(failed(facts, filters)).toEqual(blamed);
  });
});

test.each([
  [
    50361,
    {
      remedy:
        'List what uses the slots, detach what is not needed by its SID, and repair the conversation with npm run call -- sync:',
      command: `npm run call -- list ConversationSid=${caseFile().conversation.sid} --url https://${HOST}`,
    },
  ],
  [
    20500,
    {
      remedy: 'docs/errors.md says what 20500 means; the next event of the conversation repairs it.',
      command: null,
    },
  ],
])('names the code %d that the functions logged, not the status that Twilio saw', (code, words) => {
  const failed = { status: 403, code, message: 'what failed', result: undefined, why: undefined };
  const facts = {
    listeners: [router()],
    log: logged(line(failed)),
    alerts: [alert({ webhook: router().sid, address: router().address, status: 403 })],
  };
  expect(verdict(facts).causes).toEqual([
    {
      ...{ kind: 'function-failed', listener: 'router', ...words },
      what: `The functions got the message from router and failed: 403 ${code} what failed.`,
    },
  ]);
});

describe('has the whole command', () => {
  const { sid, service } = caseFile().conversation;
  const late = { created: at(200) };
  const attach = `npm run call -- attach ConversationSid=${sid}`;
  const command = (facts: Partial<CaseFile>, kind: CauseKind) =>
    verdict(facts).causes.find((cause) => cause.kind === kind)?.command;

  test.each<[string, Listener, string]>([
    [
      'a webhook',
      listener({ ...late, filters: ['onMessageAdded', 'onMessageUpdated'], method: 'GET' }),
      `${attach} Target=webhook Url=${CRM} Method=GET Filters=onMessageAdded Filters=onMessageUpdated ReplayAfter=0 Replace=true --url https://${HOST}`,
    ],
    [
      'a trigger',
      listener({ ...late, target: 'trigger', filters: [], keywords: ['hello', 'good day'] }),
      `${attach} Target=trigger Url=${CRM} Triggers=hello 'Triggers=good day' ReplayAfter=0 Replace=true --url https://${HOST}`,
    ],
    [
      'a flow',
      listener({ ...late, target: 'studio', address: 'FW1' }),
      `${attach} Target=studio FlowSid=FW1 ReplayAfter=0 Replace=true --url https://${HOST}`,
    ],
    [
      'the router, which is not to be attached',
      router(late),
      `npm run call -- sync ConversationSid=${sid} Profile=NAME ReplayAfter=0 --url https://${HOST}`,
    ],
  ])('that replays to %s', (_, late, expected) => {
    expect(command({ listeners: [late] }, 'attached-late')).toBe(expected);
  });

  test('and warns that later messages are sent again, and that the query is left out', () => {
    const [cause] = verdict({ listeners: [listener({ ...late, hasQuery: true })] }).causes;
    expect(cause?.remedy).toBe(
      'Attach it again, with the query of its Url; it gets this message and all after it, also those that it has:',
    );
  });

  test('that asks whether the functions respond', () => {
    expect(command({ listeners: [router()] }, 'not-called')).toBe(
      `npm run call -- /status --url https://${HOST}`,
    );
  });

  test('that registers the service', () => {
    const both = [listener({ level: 'account' }), listener({ level: 'service' })];
    expect(command({ listeners: both }, 'shadowed')).toBe(
      `npm run setup -- --service ${service} --url https://${HOST}`,
    );
  });
});

test('quotes what a shell would read otherwise, and names the service', () => {
  const commands = { service: 'IS1', flags: ['--env', "it's mine"] };
  expect(verdict({ commands }).causes[0]?.command).toBe(
    `npm run call -- sync ConversationSid=${caseFile().conversation.sid} ServiceSid=IS1 Profile=bot ReplayAfter=start --env 'it'\\''s mine'`,
  );
});

test('names that no rule matches before what single webhooks do not get', () => {
  const account = router({ level: 'account', sid: null, filters: ['onConversationAdded'] });
  const sos = listener({ label: 'sos', target: 'trigger', keywords: ['urgent'] });
  const listeners = [router(), sos, listener({ filters: ['onMessageRemoved'] }), account];
  expect(kinds({ listeners, log: logged(line()) })).toEqual(['no-rule', 'filters', 'keyword']);
});

test('names what failed although a rule decided', () => {
  const facts = { listeners: [router(), listener()], log: logged(line(changed)), alerts: [alert()] };
  expect(kinds(facts)).toEqual(['responded']);
});

test('takes the line that decided, of several about one message', () => {
  const lines = [line({ why: 'decided before' }), line(changed), line()];
  expect(verdict({ listeners: [router()], log: logged(...lines) }).decision?.rule).toBe('asks-for-human');
});

test('counts a webhook that was created with a replay as reached', () => {
  const late = { created: at(200), label: 'crm', managed: true };
  const created = line({ index: 3, date: at(200.2), steps: ['create crm'], replay: 0 });
  const outcomes = (facts: Partial<CaseFile>) => verdict(facts).outcomes[1];
  const listeners = [router(), listener(late)];
  expect(outcomes({ listeners, log: logged(line(), created) })).toEqual({
    listener: 'crm',
    got: 'presumably',
  });
  expect(outcomes({ listeners, log: logged(line(), { ...created, replay: 1 }) })).toMatchObject({
    cause: 'attached-late',
  });
  expect(
    outcomes({ listeners: [router(), listener({ ...late, replayAfter: 0 })], log: logged(line()) }),
  ).toMatchObject({ got: 'presumably' });
  const attach = line({
    operation: 'attach',
    event: undefined,
    index: undefined,
    date: at(200.4),
    replayed: true,
  });
  expect(outcomes({ listeners, log: logged(line(), attach) })).toEqual({ listener: 'crm', got: 'unknown' });
});

describe('of a webhook of the profile that came after the message', () => {
  const state = { profile: 'agent', decided: at(150), policy: 'KTgg8p', checkout: 'KTgg8p' };
  const crm = listener({ label: 'crm', managed: true, created: at(200) });
  const outcome = (replay: number, facts: Partial<CaseFile> = {}, about: Partial<Message> = {}) => {
    const all = { router: { ...state, replay, webhooks: ['crm'] }, listeners: [router(), crm], ...facts };
    return verdict({ log: logged(line()), ...all }, about).outcomes[1];
  };
  const got = { listener: 'crm', got: 'presumably' };
  const unknown = { listener: 'crm', got: 'unknown' };
  const late = { listener: 'crm', got: 'no', cause: 'attached-late' };

  test("counts the router's Replay", () => {
    expect(outcome(0)).toEqual(got);
    expect(outcome(1)).toEqual(late);
  });

  test('does not know after ten messages', () => {
    const messages = [9, 10].map((index) => message({ index, date: at(110 + index) }));
    expect(outcome(0, { messages: messages.slice(0, 1) })).toEqual(got);
    expect(outcome(0, { messages })).toEqual(unknown);
  });

  test('ignores the call that created an earlier one', () => {
    const log = logged(
      line({ operation: 'sync', index: undefined, date: at(150), steps: ['create crm'], replay: 1 }),
      line({ operation: 'attach', event: undefined, index: undefined, date: at(200.4), replayed: true }),
    );
    expect(outcome(1, { log })).toEqual(unknown);
  });

  test('does not call it late without names, unless it was before the replay', () => {
    const listeners = [router(), { ...crm, label: CRM, managed: false }];
    const without = { policyIssue: 'VIP_URL is not set', listeners };
    const facts = (replay: number) => ({
      ...without,
      router: { ...state, replay, checkout: null, webhooks: null },
    });
    expect(outcome(0, facts(0))).toEqual({ ...unknown, listener: CRM });
    expect(outcome(0, facts(1))).toEqual({ ...late, listener: CRM });
  });
});

test('takes the line of a replay for no proof that the message fired webhooks', () => {
  const facts = {
    listeners: [router({ created: at(200) }), listener()],
    log: logged(line({ date: at(201) })),
  };
  expect(verdict(facts, { writer: 'nobody' })).toMatchObject({
    outcomes: [{ got: 'yes' }, { got: 'unknown' }],
    causes: expect.arrayContaining([expect.objectContaining({ kind: 'rest' })]),
  });
});

test('joins lines without an index by their dates', () => {
  const old = (date: string) => ({ listeners: [router()], log: logged(line({ index: undefined, date })) });
  expect(kinds(old(at(102)))).toEqual(['no-rule']);
  expect(kinds(old(at(99)))).toContain('not-called');
  expect(kinds(old(at(150)))).toContain('not-called');
  const next = message({ index: 1, date: at(101) });
  expect(kinds({ ...old(at(102)), messages: [message(), next] })).toContain('not-called');
});

test('does not blame anybody for silence in a log that it did not read', () => {
  for (const log of [
    { ...logged(), issue: 'refused' },
    { ...logged(), from: at(101) },
  ])
    expect(verdict({ listeners: [router()], log })).toMatchObject({
      outcomes: [{ got: 'unknown' }],
      causes: [],
    });
});

test('blames a late webhook first if somebody attached it, and last if a rule did', () => {
  const facts = (by: object) => ({
    listeners: [router(), listener({ label: 'crm', managed: true, created: at(200) })],
    log: logged(line(), line({ index: 3, date: at(200.2), steps: ['create crm'], replay: 3, ...by })),
  });
  expect(kinds(facts({ operation: 'sync', index: undefined }))).toEqual(['attached-late', 'no-rule']);
  expect(kinds(facts({ rule: 'asks-for-human' }))).toEqual(['no-rule', 'attached-late']);
});

test('tells a keyword in another letter case', () => {
  const trigger = listener({ target: 'trigger', keywords: ['urgent'] });
  const [, cause] = verdict(
    { listeners: [router(), trigger], log: logged(line()) },
    { body: 'URGENT!' },
  ).causes;
  expect(cause).toMatchObject({ kind: 'keyword', what: expect.stringContaining('another letter case') });
});

test('has webhooks that were detached since', () => {
  const lines = [line({ ...changed, steps: ['update router', 'create crm', 'delete bot'] })];
  expect(
    verdict({ listeners: [router(), listener({ label: 'crm', created: at(101) })], log: logged(...lines) })
      .outcomes,
  ).toContainEqual({
    listener: 'bot',
    got: 'unknown',
    detached: lines[0]!.date,
  });
});

describe('of any case', () => {
  const seconds = fc.integer({ min: 90, max: 110 }).map(at);
  const words = fc.constantFrom('urgent', 'URGENT', 'human', 'hello');
  const listeners = fc
    .uniqueArray(
      fc.record({
        ...{ level: fc.constantFrom('scoped', 'scoped', 'service', 'account'), managed: fc.boolean() },
        ...{ target: fc.constantFrom('webhook', 'trigger', 'studio'), created: fc.option(seconds) },
        ...{
          deployment: fc.constantFrom(HOST, HOST, null, 'old-1.twil.io'),
          keywords: fc.array(words, { maxLength: 2 }),
        },
        ...{
          filters: fc.subarray(['onMessageAdded', 'onMessageRemoved']),
          replayAfter: fc.option(fc.nat(3)),
        },
        n: fc.nat(9),
      }),
      { maxLength: 5, selector: ({ n }) => n },
    )
    .map((all) =>
      all.map(({ n, ...facts }) =>
        listener({ ...facts, sid: `WH${n}`, label: `l${n}`, address: `https://r/${n}` } as Partial<Listener>),
      ),
    );
  const lines = fc.array(
    fc.record({
      ...{
        date: seconds,
        operation: fc.constantFrom('event', 'event', 'sync'),
        index: fc.constantFrom(0, 1, undefined),
      },
      ...{ status: fc.constantFrom(200, 200, 503), rule: fc.constantFrom(undefined, undefined, 'r') },
      ...{
        result: fc.constantFrom('ignored', 'unchanged', 'changed', 'failed', 'unmanaged'),
        to: fc.constantFrom('bot', 'agent'),
      },
      why: fc.constantFrom(
        'no rule matches',
        'already in profile agent',
        'no rule matches in profile agent',
        undefined,
      ),
      steps: fc.constantFrom(undefined, ['create l1'], ['delete l2', 'delete bot']),
      replay: fc.option(fc.nat(2), { nil: undefined }),
    }),
    { maxLength: 4 },
  );
  const alerts = fc.array(
    fc.record({
      ...{ date: seconds, code: fc.constantFrom(11205, 11217, 50076), n: fc.nat(9) },
      message: fc.constantFrom(message().sid, 'IM9', null),
    }),
    { maxLength: 2 },
  );
  const SECRET = 'urgent private words';
  const cases = fc.record({
    ...{ listeners, lines, alerts },
    issue: fc.constantFrom(null, null, 'refused'),
    writer: fc.constantFrom('carrier', 'chat', 'nobody') as fc.Arbitrary<Message['writer']>,
    body: fc.constantFrom('hello', SECRET, 'URGENT', null),
  });
  const check = (property: (file: CaseFile, about: Message, found: ReturnType<typeof verdictOf>) => void) =>
    fc.assert(
      fc.property(cases, ({ listeners, lines, alerts, issue, writer, body }) => {
        const about = message({ writer, body });
        const file = caseFile({
          listeners,
          log: { issue, from: at(0), lines: lines.map((facts) => line(facts)) },
          alerts: alerts.map(({ n, ...facts }) =>
            alert({ ...facts, webhook: `WH${n}`, address: `https://r/${n}`, status: null }),
          ),
          messages: [about],
        });
        property(file, about, verdictOf(file, about));
      }),
      { numRuns: 2_000 },
    );

  test('no cause contradicts a fact', () => {
    check((file, about, { causes, decision }) => {
      for (const { kind, listener: label } of causes) {
        const whom = file.listeners.find((each) => each.label === label);
        const ownAlerts = file.alerts.filter((each) => (each.message ?? about.sid) === about.sid);
        const ownLines = file.log.lines.filter(
          ({ operation, index }) => operation === 'event' && index === about.index,
        );
        if (kind === 'attached-late')
          expect(Date.parse(whom!.created!)).toBeGreaterThan(Date.parse(about.date));
        if (kind === 'filters')
          expect(whom).toMatchObject({ filters: expect.not.arrayContaining(['onMessageAdded']) });
        if (kind === 'keyword')
          for (const keyword of whom!.keywords) expect(about.body ?? '').not.toContain(keyword);
        if (kind === 'not-called') expect([ownLines, file.log.issue]).toEqual([[], null]);
        if (kind === 'rest') expect(ownAlerts.filter(({ message }) => message !== null)).toEqual([]);
        const code = { responded: 11217, timeout: 50076, unreachable: 11205 }[kind as string];
        if (code !== undefined) expect(ownAlerts.map((each) => each.code)).toContain(code);
        if (['already-in-profile', 'other-profile', 'no-rule', 'unknown-profile'].includes(kind))
          expect(decision).toMatchObject({ rule: null });
        if (kind === 'no-webhook') expect(file.listeners).toEqual([]);
        if (kind === 'other-deployment') expect([HOST, null]).not.toContain(whom!.deployment);
      }
    });
  });

  test('nobody is said to have got what was not sent', () => {
    check((file, about, { outcomes }) => {
      for (const { listener: label, got } of outcomes) {
        const whom = file.listeners.find((each) => each.label === label);
        if (got === 'yes') expect(whom?.deployment).toBe(HOST);
        if (got === 'yes' || got === 'presumably') {
          if (whom!.target !== 'trigger') expect(whom!.filters).toContain('onMessageAdded');
          else
            expect(
              whom!.keywords.some((keyword) => (about.body ?? '').includes(keyword)) || got === 'yes',
            ).toBe(true);
          expect(file.alerts.some((each) => each.message === about.sid && each.webhook === whom!.sid)).toBe(
            false,
          );
        }
      }
    });
  });

  test('each listener has an outcome, and what the message says is in none of it', () => {
    check((file, _, { outcomes, ...rest }) => {
      expect(outcomes.slice(0, file.listeners.length).map((each) => each.listener)).toEqual(
        file.listeners.map(({ label }) => label),
      );
      expect(JSON.stringify([outcomes, rest])).not.toContain(SECRET);
    });
  });
});
