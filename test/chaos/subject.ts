import twilio from 'twilio';
import { post } from '../support/call';
import { emulatorEnvironment } from '../support/programs';

/** What manages the webhooks. Every method answers whether the caller was told that it is done. */
export interface Subject {
  readonly name: string;
  enter(sid: string): Promise<boolean>;
  attach(sid: string, url: string): Promise<boolean>;
  detach(sid: string, url: string): Promise<boolean>;
  handOver(sid: string, profile: Profile): Promise<boolean>;
  sync(sid: string): Promise<boolean>;
}

export type Profile = 'bot' | 'agent';

/** This bundle, called over HTTP as Studio does. */
export function bundle(functions: string, agent: () => string): Subject {
  const call = async (name: string, form: Record<string, string>) => {
    const { status } = await post(`${functions}/webhooks/${name}`, form);
    return status < 300;
  };
  return {
    name: 'this bundle',
    enter: (ConversationSid) => call('sync', { ConversationSid, Profile: 'bot' }),
    attach: (ConversationSid, Url) =>
      call('attach', { ConversationSid, Target: 'webhook', Url, Filters: 'onMessageAdded' }),
    detach: (ConversationSid, Url) => call('detach', { ConversationSid, Url }),
    handOver: (ConversationSid, profile) =>
      call('sync', { ConversationSid, Profile: profile === 'agent' ? agent() : profile }),
    sync: (ConversationSid) => call('sync', { ConversationSid }),
  };
}

/** The snippet of Twilio's page: create, list nothing, remove by the SID that create answered. */
export function snippet(api: string, crmUrl: string): Subject {
  const { ACCOUNT_SID, AUTH_TOKEN, BOT_FLOW_SID = '' } = emulatorEnvironment();
  const client = twilio(ACCOUNT_SID, AUTH_TOKEN);
  client.conversations.baseUrl = api;
  const sids = new Map<string, string>();
  const told = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    );
  const webhooks = (sid: string) => client.conversations.v1.conversations(sid).webhooks;
  const create = async (
    sid: string,
    key: string,
    params: Parameters<ReturnType<typeof webhooks>['create']>[0],
  ) => {
    sids.set(`${sid} ${key}`, (await webhooks(sid).create(params)).sid);
  };
  const remove = async (sid: string, key: string) => {
    const known = sids.get(`${sid} ${key}`);
    if (known) await webhooks(sid)(known).remove();
    sids.delete(`${sid} ${key}`);
  };
  const listener = {
    bot: { target: 'studio' as const, 'configuration.flowSid': BOT_FLOW_SID },
    agent: {
      target: 'webhook' as const,
      'configuration.url': crmUrl,
      'configuration.filters': ['onMessageAdded'],
    },
  };
  return {
    name: 'the documented snippet',
    enter: (sid) => told(create(sid, 'bot', listener.bot)),
    attach: (sid, url) =>
      told(
        create(sid, url, {
          target: 'webhook',
          'configuration.url': url,
          'configuration.filters': ['onMessageAdded'],
        }),
      ),
    detach: (sid, url) => told(remove(sid, url)),
    handOver: (sid, profile) =>
      told(
        (async () => {
          await remove(sid, profile === 'bot' ? 'agent' : 'bot');
          await create(sid, profile, listener[profile]);
        })(),
      ),
    sync: async () => true,
  };
}
