import type { Definition } from '../../../src/webhooks/definition';
import { AT, foreign, formerRouter, inProfile, listens, managed, router, underFormerPolicy } from './policy';

export type Operation = 'attach' | 'detach' | 'update' | 'sync' | 'event';

/** A conversation as it is, and what a function is asked to do with it. */
export interface Situation {
  readonly operation: Operation;
  readonly what: string;
  readonly webhooks: readonly Definition[];
  readonly messages?: number;
  /** Seconds for which it has been so. */
  readonly age?: number;
  /** `sid`: of the webhook that was attached last. */
  readonly input: (sid: string) => Readonly<Record<string, string>>;
  /** The API calls that it takes, where nothing goes wrong. */
  readonly calls: string;
}

const Url = 'https://attached.example/in';
const ours = { ...listens('attached'), url: Url } as Definition;
const asked = { Target: 'webhook', Url, Filters: 'onMessageAdded' };
const four = [1, 2, 3, 4].map(foreign);
const date = new Date(AT * 1000).toISOString();
/** What a function sees of an event: the query of the router's URL and Twilio's fields, merged. */
const routed = (by: Definition, fields: Readonly<Record<string, string>>) => ({
  ...Object.fromEntries(new URL('url' in by ? by.url : '').searchParams),
  ...fields,
});
const messageOf = (Body: string, by: Definition) =>
  routed(by, {
    ...{ EventType: 'onMessageAdded', ConversationSid: '', MessageSid: `IM${'1'.repeat(32)}` },
    ...{ Index: '1', Body, DateCreated: date },
  });

const attach = (
  what: string,
  webhooks: readonly Definition[],
  calls: string,
  more: Readonly<Record<string, string>> = {},
): Situation => ({
  ...{ operation: 'attach', what, webhooks, calls, messages: 2 },
  input: () => ({ ...asked, ...more }),
});
const sync = (
  what: string,
  webhooks: readonly Definition[],
  calls: string,
  input: Readonly<Record<string, string>> = {},
  age = 600,
): Situation => ({ operation: 'sync', what, webhooks, calls, messages: 2, age, input: () => input });

export const SITUATIONS: readonly Situation[] = [
  attach('a new one', [foreign(1)], 'list create list'),
  attach('into the last slot', four, 'list create list'),
  attach('unchanged', [foreign(1), ours], 'list'),
  attach('changed', [foreign(1), ours], 'list update', { Method: 'get' }),
  attach('with a duplicate', [foreign(1), ours, ours], 'list remove'),
  attach('changed, with two duplicates', [foreign(1), ours, ours, ours], 'list remove remove update', {
    Method: 'get',
  }),
  attach('replaced', [foreign(1), ours], 'list update remove create list', { Replace: 'true' }),
  attach('replaced, with a duplicate', [ours, ours], 'list update remove remove create list', {
    Replace: 'true',
  }),
  attach('replaced in the last slot', [...four, ours], 'list newestIndex update remove create list', {
    ...{ Replace: 'true', ReplayAfter: 'latest', Method: 'get' },
  }),
  attach('with a replay from the latest', [foreign(1)], 'list newestIndex create list', {
    ReplayAfter: 'latest',
  }),
  attach('with a replay from the next', [foreign(1)], 'list newestIndex create list', {
    ReplayAfter: 'next',
  }),
  attach('with five slots taken', [...four, foreign(5)], 'list create list'),

  {
    ...{ operation: 'detach', what: 'by its SID', webhooks: [foreign(1), ours], calls: 'list remove' },
    input: (Sid) => ({ Sid }),
  },
  {
    ...{ operation: 'detach', what: 'what is gone', webhooks: [foreign(1)], calls: 'list remove' },
    input: () => ({ Sid: `WH${'0'.repeat(32)}` }),
  },
  {
    ...{ operation: 'detach', what: 'three that match', webhooks: [ours, foreign(1), ours, ours] },
    ...{ calls: 'list remove remove remove', input: () => ({ Url }) },
  },
  {
    ...{ operation: 'detach', what: 'all', webhooks: inProfile('bot') },
    ...{ calls: 'list remove remove remove', input: () => ({ All: 'true' }) },
  },

  {
    ...{ operation: 'update', what: 'a change', webhooks: [foreign(1), ours], calls: 'fetch update list' },
    input: (Sid) => ({ Sid, Url: 'https://elsewhere.example/in' }),
  },
  {
    ...{ operation: 'update', what: 'nothing to change', webhooks: [foreign(1), ours], calls: 'fetch' },
    input: (Sid) => ({ Sid, Method: 'POST' }),
  },
  {
    ...{ operation: 'update', what: 'keywords', webhooks: [foreign(1), ...managed('sos')] },
    ...{ calls: 'fetch update list', input: (Sid) => ({ Sid, Triggers: 'help,urgent' }) },
  },
  {
    ...{ operation: 'update', what: 'filters of a flow', webhooks: [foreign(1), ...managed('bot')] },
    ...{ calls: 'fetch update list', input: (Sid) => ({ Sid, Filters: 'onMessageAdded' }) },
  },

  sync('entry into the policy', [foreign(1)], 'list newestIndex create create create list', {
    ...{ Profile: 'bot', ReplayAfter: 'start' },
  }),
  sync('a hand-off', [foreign(1), ...inProfile('bot')], 'list newestIndex update create remove list', {
    ...{ Profile: 'agent', ReplayAfter: 'latest' },
  }),
  sync('the profile in force', [foreign(1), ...inProfile('bot')], 'list', { Profile: 'bot' }),
  sync('nothing to do', [foreign(1), ...inProfile('bot')], 'list'),
  sync(
    'one missing, owed a replay',
    [foreign(1), router('bot', 60), ...managed('sos')],
    'list create list',
    {},
    60,
  ),
  sync(
    'one missing, long ago',
    [foreign(1), router('bot', 600), ...managed('sos')],
    'list newestIndex list create list',
  ),
  sync(
    'one changed',
    [router('agent', 600), { ...managed('crm')[0]!, method: 'get' } as Definition, ...managed('sos')],
    'list update list',
  ),
  sync('a dry run', [foreign(1), ...inProfile('bot')], 'list newestIndex', {
    ...{ Profile: 'agent', DryRun: 'true' },
  }),
  sync('slots are short', inProfile('full'), 'list newestIndex update remove remove create create list', {
    ...{ Profile: 'other', ReplayAfter: 'latest' },
  }),
  sync('two routers', [foreign(1), ...inProfile('bot'), router('agent', 600)], 'list remove list'),
  sync('into a profile without listeners', inProfile('agent'), 'list newestIndex update remove remove list', {
    Profile: 'closed',
  }),
  sync(
    'a new policy',
    [foreign(1), ...underFormerPolicy()],
    'list newestIndex list update create remove list',
  ),
  sync(
    'a router of a former version',
    [foreign(1), formerRouter('bot', 600), ...managed('bot', 'sos')],
    'list newestIndex list update list',
  ),

  {
    ...{ operation: 'event', what: 'that a rule in force is about' },
    ...{ webhooks: [foreign(1), ...inProfile('bot')], messages: 2, calls: 'list update create remove list' },
    input: () => messageOf('a human', router('bot', 600)),
  },
  {
    ...{ operation: 'event', what: 'that a rule not in force is about', webhooks: inProfile('agent') },
    ...{ messages: 2, calls: 'list', input: () => messageOf('a human', router('agent', 600)) },
  },
  {
    ...{ operation: 'event', what: 'without a message' },
    ...{ webhooks: [foreign(1), ...inProfile('bot')], messages: 2 },
    calls: 'newestIndex list update create remove list',
    input: () =>
      routed(router('bot', 600), {
        ...{ EventType: 'onParticipantAdded', ParticipantSid: `MB${'1'.repeat(32)}`, DateCreated: date },
      }),
  },
  {
    ...{ operation: 'event', what: 'that finishes a hand-off', age: 60, messages: 2 },
    ...{ webhooks: [foreign(1), router('agent', 60), ...managed('bot', 'sos')] },
    ...{ calls: 'list create remove list', input: () => messageOf('hello', router('agent', 60)) },
  },
  {
    ...{ operation: 'event', what: 'that brings a new policy', messages: 2 },
    ...{ webhooks: [foreign(1), ...underFormerPolicy()], calls: 'list update create remove list' },
    input: () => messageOf('hello', underFormerPolicy()[0]!),
  },
  {
    ...{ operation: 'event', what: 'of a new conversation', webhooks: [foreign(1)], messages: 1 },
    calls: 'list create create create list',
    input: () => ({ EventType: 'onConversationAdded', DateCreated: date }),
  },
];
