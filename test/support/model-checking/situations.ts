import { Bundle } from './bundle';
import { ADDED, CLOSED, JOINED, type Situation } from './scenarios';

const once = { halfSecond: 1 };
const bot = { profile: 'bot' };
const agent = { profile: 'agent' };
const long = { history: 20 };
const crash = { crash: 1 };
const dies = { crash: 1, tenSeconds: 1 };

/** One policy. */
export const ONE_POLICY = {
  'a hand-off': { ...bot, foreign: 1, messages: ['human', 'hello'], budget: once },
  'a hand-off from the next message on': {
    ...bot,
    history: 3,
    messages: ['question', 'hello'],
    budget: once,
  },
  'an event without an index, after a history': {
    ...{ ...bot, history: 3, events: [JOINED], messages: ['hello'], budget: { ...once, ...dies } },
  },
  'a run that dies': { ...bot, messages: ['human', 'hello', 'hello'], budget: dies },
  'a run that dies, and an hour of silence': {
    ...bot,
    messages: ['human', 'hello'],
    budget: { crash: 1, hour: 1 },
  },
  'two runs that die': { ...bot, messages: ['human', 'hello'], budget: { crash: 2, lost: 1, tenSeconds: 1 } },
  'events in the wrong order': { ...bot, written: ['anyone', 'sales'], budget: once },
  'there and back in the wrong order': { ...bot, written: ['human', 'robot'], budget: once },
  'there and back, and a run that dies': { ...bot, written: ['human', 'robot'], budget: dies },
  'two messages for one rule': { ...bot, written: ['human', 'human'], budget: once },
  'there, back, and there again': { ...bot, written: ['human', 'robot', 'human'], atOnce: 3 },
  'two requests': { ...bot, syncs: ['agent', 'bot'], budget: once },
  'three requests': { ...bot, syncs: ['agent', 'sales', 'closed'], atOnce: 3 },
  'a request against a rule': {
    ...bot,
    written: ['human'],
    messages: ['hello'],
    syncs: ['sales'],
    budget: once,
  },
  'a request against two rules': { ...bot, written: ['anyone', 'sales'], syncs: ['bot'], atOnce: 3 },
  'a plain sync against a rule': {
    ...{ ...bot, attached: ['bot', 'crm'], messages: ['human'], syncs: [undefined], budget: once },
  },
  'an end against a rule': { ...bot, events: [CLOSED], written: ['human'], budget: once },
  'a message that comes late': { ...bot, written: ['anyone'], syncs: ['sales'], budget: once },

  'a new conversation': { events: [ADDED], messages: ['human', 'hello'], budget: once },
  'a new conversation, and a run that dies': {
    ...{ foreign: 1, events: [ADDED], messages: ['human'], budget: dies },
  },
  'a new conversation, announced twice': {
    events: [ADDED, ADDED],
    messages: ['human'],
    budget: { second: 1 },
  },
  'a new conversation, announced twice, three runs': {
    events: [ADDED, ADDED],
    messages: ['human'],
    atOnce: 3,
  },
  'a first request after a history': {
    history: 3,
    syncs: ['agent'],
    messages: ['robot', 'hello'],
    budget: once,
  },
  'a new conversation against a request': {
    ...{ events: [ADDED], messages: ['hello'], syncs: ['agent'], budget: { second: 1, ...once } },
  },
  'two first requests': { syncs: ['agent', 'bot'], messages: ['hello'], budget: { second: 1, ...once } },
  'a new conversation among four webhooks': {
    ...{ foreign: 4, events: [ADDED], messages: ['human'] },
    except: { errors: 'the router has the last slot, and the run says so' },
  },

  'lost responses': { ...bot, messages: ['human', 'hello'], budget: { lost: 2, ...once } },
  conflicts: { ...bot, messages: ['human', 'hello'], budget: { conflict: 2, ...once } },
  'lost responses in a race': { ...bot, messages: ['human', 'robot'], syncs: ['bot'], budget: { lost: 1 } },
  'conflicts in a race': { ...bot, messages: ['human', 'robot'], syncs: ['bot'], budget: { conflict: 1 } },
  'a lost response in a new conversation': { events: [ADDED], messages: ['human'], budget: { lost: 1 } },
  'a conflict in a new conversation': { events: [ADDED], messages: ['human'], budget: { conflict: 1 } },
  'an event that comes twice': { ...bot, messages: ['human', 'hello'], syncs: ['bot'], budget: { again: 1 } },
  'events that come twice, there and back': { ...bot, messages: ['human', 'robot'], budget: { again: 2 } },
  'an end that comes twice': { ...bot, events: [CLOSED], syncs: ['bot'], budget: { again: 1, ...once } },

  'full slots': { bundle: Bundle.full, ...bot, messages: ['human', 'hello'], budget: dies },
  'full slots, there and back': { bundle: Bundle.full, ...bot, messages: ['human', 'robot'], budget: once },
  'full slots, back, and a run that dies': {
    ...{ bundle: Bundle.full, ...bot, messages: ['human', 'hello', 'robot'], budget: dies },
  },
  'full slots, three of them foreign': { ...bot, foreign: 3, messages: ['human', 'robot'], budget: once },
  'full slots, three of them foreign, and a run that dies': {
    ...{ ...bot, foreign: 3, messages: ['human', 'hello', 'robot'], budget: dies },
  },
  'a missing listener': { ...bot, attached: [], ...long, messages: ['hello'], budget: { lost: 1 } },

  Studio: { ...bot, messages: ['human', 'hello'], happenings: ['Studio reattaches bot'], budget: once },
  'Studio, and back': { ...bot, messages: ['human', 'robot'], happenings: ['Studio reattaches bot'] },

  'a stale list': { ...bot, messages: ['human', 'hello'], budget: { lag: 1, second: 1 } },
  'a stale list, there and back': { ...bot, messages: ['human', 'robot'], budget: { lag: 1, second: 1 } },
  'a stale list, and two requests': { ...bot, syncs: ['agent', 'bot'], budget: { lag: 1, second: 1 } },
  'a stale list in a new conversation': { events: [ADDED, ADDED], messages: ['human'], budget: { lag: 1 } },
  'a stale list without the new router': {
    syncs: ['agent', 'bot'],
    budget: { lag: 1, conflict: 1, quarterSecond: 3 },
  },
  'a run of ten seconds': { ...bot, messages: ['human', 'hello'], budget: { nineSeconds: 1, halfSecond: 2 } },
  'a run of ten seconds, there and back': {
    ...{ ...bot, messages: ['human', 'hello', 'robot'], budget: { nineSeconds: 1, halfSecond: 2, crash: 1 } },
  },

  'a request for the profile in force': { ...bot, syncs: ['bot'], still: true },
  'a request that repairs': {
    ...{ ...bot, attached: ['sales', 'crm'], syncs: ['bot'], messages: ['hello'], budget: crash },
  },
  'two equal requests': {
    ...bot,
    syncs: ['agent', 'agent'],
    messages: ['hello'],
    budget: { ...once, ...dies },
  },
  'two equal requests and another': { ...bot, syncs: ['bot', 'agent', 'agent'], atOnce: 3 },
  'an equal request against a rule': {
    ...{ ...bot, written: ['human'], messages: ['robot'], syncs: ['agent'], budget: once },
  },

  'a conversation that is closed': {
    ...{ ...bot, foreign: 1, messages: ['hello'], happenings: ['closes'], syncs: [undefined] },
    budget: { ...once, crash: 1 },
  },
  'a hand-off in a conversation that is closed': {
    ...{
      ...bot,
      foreign: 1,
      written: ['human'],
      happenings: ['closes'],
      budget: { halfSecond: 2, crash: 1 },
    },
  },
  'requests in a conversation that is closed': {
    ...{ ...bot, happenings: ['closes'], syncs: ['agent', 'bot'], budget: { ...once, lost: 1 } },
  },
  'a rule and a request in a conversation that is closed': {
    ...{ ...bot, written: ['human'], happenings: ['closes'], syncs: ['sales'], atOnce: 3 },
  },
  'a new conversation that is closed': {
    ...{ foreign: 1, events: [ADDED], happenings: ['closes'], syncs: ['agent'], budget: once },
  },
  'full slots in a conversation that is closed': {
    ...{
      bundle: Bundle.full,
      ...bot,
      written: ['human'],
      happenings: ['closes'],
      budget: { ...once, crash: 1 },
    },
  },
  'a router that is refused': {
    ...{ ...bot, messages: ['human', 'hello'], syncs: ['sales'], budget: { refused: 2, ...once } },
  },

  'an old message that is edited': {
    ...{ ...bot, attached: [], ...long, happenings: ['edits an old message'], budget: { ...once, crash: 1 } },
  },
  'an old message that asks for the next': {
    ...{ ...bot, ...long, happenings: ['edits an old message: question'], messages: ['hello'] },
    budget: { ...once, ...dies },
  },
  'an old message that asks for itself': {
    ...{ ...bot, ...long, happenings: ['edits an old message: human'], messages: ['hello'] },
    budget: { ...once, ...dies },
    except: {
      handedOff: 'another decision for the same profile, or a repair, may attach the listener first',
    },
  },
  'an old message against a rule': {
    ...{
      ...bot,
      ...long,
      happenings: ['edits an old message: question'],
      written: ['sales'],
      messages: ['hello'],
    },
    budget: once,
  },

  'a service event that decides nothing': {
    ...agent,
    attached: ['bot', 'bot'],
    ...long,
    events: [ADDED, JOINED],
    still: true,
  },
  'a service event that decides': {
    ...{
      ...bot,
      attached: ['bot', 'crm'],
      events: [JOINED, ADDED],
      messages: ['hello'],
      budget: { ...once, crash: 1 },
    },
  },

  'a listener detached by hand': {
    ...{ ...bot, ...long, happenings: ['detaches bot'], messages: ['hello'], budget: { ...once, crash: 1 } },
    except: { missed: 'messages between the detaching and the next repair may miss it' },
  },
  'a listener detached by hand in a hand-off': {
    ...{ ...bot, written: ['human'], messages: ['hello'], happenings: ['detaches crm'] },
    budget: { ...once, tenSeconds: 1 },
  },
  'listeners attached by hand': {
    ...{ ...bot, happenings: ['attaches crm', 'attaches bot'], messages: ['hello', 'human'], budget: once },
  },

  'a router without Done': {
    ...bot,
    lacks: ['Done'],
    messages: ['human', 'hello'],
    budget: { ...once, crash: 1 },
  },
  'a router without Own': { ...bot, lacks: ['Own'], ...long, messages: ['human', 'hello'], budget: once },
  'a router without Policy': {
    ...agent,
    lacks: ['Policy'],
    ...long,
    messages: ['hello', 'robot'],
    budget: once,
  },
  'a router of a former version': {
    ...{ ...agent, lacks: ['Done', 'Own', 'Policy'], attached: ['bot'], history: 3, replay: 3 },
    ...{ messages: ['hello', 'robot'], syncs: [undefined], budget: { ...once, crash: 1 } },
  },
  'a router of a former version, at rest': {
    ...{
      ...bot,
      lacks: ['Done', 'Own', 'Policy'],
      ...long,
      messages: ['hello'],
      budget: { ...once, crash: 1, lost: 1 },
    },
  },
  'a router of a former version, and decisions': {
    ...{
      ...bot,
      lacks: ['Done', 'Own', 'Policy'],
      ...long,
      messages: ['human', 'hello'],
      syncs: ['bot'],
      budget: once,
    },
  },
} as const satisfies Record<string, Situation>;

/** Runs of two versions that fight may end one of them; the next event puts it right. */
const S4 = { except: { rounds: 'runs of two versions that fight may end one of them' } } as const;

/** A policy that changes. */
export const TWO_POLICIES = {
  'a new URL': { bundle: Bundle.newUrl, ...agent, messages: ['hello'], syncs: [undefined], budget: once },
  'a new URL, and runs that fail': {
    ...{ bundle: Bundle.newUrl, ...agent, messages: ['hello', 'hello'], budget: { crash: 1, lost: 1 } },
  },
  'a new URL, and conflicts': {
    ...{ bundle: Bundle.newUrl, ...agent, messages: ['hello', 'hello'], budget: { crash: 1, conflict: 1 } },
  },
  'a new URL after a history': {
    ...{
      bundle: Bundle.newUrl,
      ...agent,
      ...long,
      messages: ['hello'],
      syncs: [undefined],
      budget: { ...once, crash: 1 },
    },
  },
  'a new URL, and a decision': {
    ...{ bundle: Bundle.newUrl, ...agent, ...long, messages: ['robot', 'hello'], budget: { halfSecond: 2 } },
  },
  'a new URL for a missing listener': {
    bundle: Bundle.newUrl,
    ...agent,
    attached: [],
    ...long,
    messages: ['hello'],
  },
  'a removed webhook': {
    bundle: Bundle.removedWebhook,
    ...agent,
    messages: ['hello', 'robot'],
    budget: dies,
  },
  'new webhooks in full slots': {
    ...{ bundle: Bundle.newSlots, ...bot, messages: ['hello'], syncs: [undefined], budget: crash },
    ...S4,
  },
  'webhooks with new names': {
    bundle: Bundle.renamedWebhooks,
    ...bot,
    messages: ['hello', 'human'],
    budget: once,
  },
  'new settings': {
    bundle: Bundle.newSettings,
    ...bot,
    messages: ['hello', 'human'],
    budget: { ...once, crash: 1 },
  },
  'a profile with a new name': {
    bundle: Bundle.renamedProfile,
    ...bot,
    messages: ['hello', 'human'],
    budget: crash,
  },
  'a new policy in a hand-off': {
    bundle: Bundle.newUrl,
    ...bot,
    written: ['human'],
    messages: ['hello'],
    budget: crash,
  },
  'a new policy in a hand-off, ten seconds later': {
    ...{ bundle: Bundle.newUrl, ...bot, messages: ['human', 'hello'], budget: dies },
  },
  'a new policy and a decision': {
    bundle: Bundle.newUrls,
    ...bot,
    written: ['hello', 'human'],
    budget: once,
  },
  'a new policy and a request': {
    ...{ bundle: Bundle.newUrls, ...bot, messages: ['hello'], syncs: ['agent'], budget: { halfSecond: 2 } },
  },
  'a new policy, equal requests': {
    ...{
      bundle: Bundle.newUrls,
      ...bot,
      messages: ['hello'],
      syncs: ['bot', 'bot'],
      budget: { ...once, crash: 1 },
    },
  },
  'two versions, a rule and a request': {
    ...S4,
    ...{ bundle: Bundle.newUrls, ...bot, written: ['human'], syncs: ['sales'], budget: { old: 2 } },
  },
  'two versions, there and back': {
    ...S4,
    ...{ bundle: Bundle.newUrl, ...bot, written: ['human', 'robot'], budget: { old: 2, ...once } },
  },
  'two versions, there and back, and a run that dies': {
    ...S4,
    ...{ bundle: Bundle.newUrl, ...bot, written: ['human', 'robot'], budget: { old: 1, crash: 1 } },
  },
  'two versions, and plain syncs': {
    ...S4,
    ...{
      bundle: Bundle.newUrls,
      ...bot,
      written: ['hello'],
      syncs: [undefined, undefined],
      budget: { old: 3 },
    },
  },
  'two versions in a conversation that is closed': {
    ...S4,
    ...{
      bundle: Bundle.newUrls,
      ...bot,
      written: ['hello', 'human'],
      happenings: ['closes'],
      syncs: [undefined],
    },
    budget: { old: 1 },
  },
  'a new policy, and an old message that is edited': {
    ...{ bundle: Bundle.newUrls, ...bot, ...long, happenings: ['edits an old message'], messages: ['hello'] },
    budget: { ...once, crash: 1 },
  },
  'a new policy, and a router that is refused': {
    ...{ bundle: Bundle.newUrls, ...bot, messages: ['hello', 'human'], budget: { refused: 2, ...once } },
  },
  'a new policy, and service events': {
    ...{
      bundle: Bundle.newUrl,
      ...agent,
      attached: ['bot', 'bot'],
      ...long,
      events: [ADDED, JOINED],
      still: true,
    },
  },
} as const satisfies Record<string, Situation>;
