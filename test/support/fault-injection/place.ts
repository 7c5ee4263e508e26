import { createFaults, type EmulatorContext } from '../../../emulator/context';
import type { FaultSpec } from '../../../emulator/faults/fault';
import { reset } from '../../../emulator/seed';
import { createEmulator } from '../../../emulator/server';
import type { Definition } from '../../../src/webhooks/definition';
import { AT } from './policy';

/** The one conversation. */
export const ConversationSid = 'CH00000000000000000000000000000001';
const START = AT * 1000;
const NAMES: Readonly<Record<string, string>> = {
  'GET /Webhooks': 'list',
  'GET /Webhooks/': 'fetch',
  'POST /Webhooks': 'create',
  'POST /Webhooks/': 'update',
  'DELETE /Webhooks/': 'remove',
  'GET /Messages': 'newestIndex',
};

/** A webhook as the API prints it. */
export interface Printed {
  readonly sid: string;
  readonly target: string;
  readonly configuration: { readonly url?: string; readonly flow_sid?: string };
}

/** An API call that was processed, whatever became of its answer. */
export interface Processed {
  readonly name: string;
  readonly status: number;
  /** The webhook that was made, changed or deleted. */
  readonly sid: string;
  readonly identity: string;
  /** The answer met no fault. */
  readonly answered: boolean;
}

/** One conversation on an emulator that is asked over HTTP, with a clock that stands still until it is told to go on. */
export async function openPlace() {
  const time = { now: START };
  let processed: Processed[] = [];
  const emulator = await createEmulator({
    now: () => time.now,
    within: async (c, next) => {
      const { method, path } = c.req;
      await next();
      const [, shape = '', sid = ''] = /(\/Messages|\/Webhooks\/?)(WH\w+)?$/.exec(path) ?? [];
      const { status } = c.res;
      const made = status === 201 ? ((await c.res.clone().json()) as Printed) : undefined;
      processed.push({
        ...{ name: NAMES[`${method} ${shape}`] ?? `${method} ${path}`, status },
        ...{ sid: made?.sid ?? sid, identity: made ? identity(made) : '' },
        answered: c.get('faults') === undefined,
      });
    },
  });
  const { url: TWILIO_API_BASE_URL, accountSid, authToken } = emulator;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const ask = (method: string, path: string, body?: URLSearchParams) =>
    emulator.app.request(path, { method, headers: { authorization }, ...(body && { body }) });
  const webhooksPath = `/v1/Conversations/${ConversationSid}/Webhooks`;

  /** Each beginning is requested once; requests are what a trial costs. */
  const begun = new Map<string, { attached: Printed[]; restore: () => void }>();

  return {
    TWILIO_API_BASE_URL,
    close: () => emulator.close(),
    pass(seconds: number): void {
      time.now += seconds * 1000;
    },
    /** A conversation with so many messages, and with webhooks that were attached one after the other, `age` seconds ago. */
    async begin(messages: number, webhooks: readonly Definition[], age: number): Promise<Printed[]> {
      reset(emulator.context);
      const key = JSON.stringify([messages, webhooks, age]);
      const known = begun.get(key);
      if (known) {
        known.restore();
        time.now = START;
        processed = [];
        return known.attached;
      }
      time.now = START - age * 1000;
      for (let i = 0; i < messages; i++)
        await emulator.addMessage(ConversationSid, { Source: 'SDK', Body: 'hello' });
      const attached: Printed[] = [];
      for (const webhook of webhooks) {
        time.now += 1000;
        attached.push((await (await ask('POST', webhooksPath, formOf(webhook))).json()) as Printed);
      }
      time.now = START;
      processed = [];
      begun.set(key, { attached, restore: snapshot(emulator.context) });
      return attached;
    },
    /** From now on requests meet these faults, and no others. */
    harm(faults: readonly FaultSpec[]): void {
      emulator.context.faults = createFaults(emulator.context.settings);
      emulator.context.faults.add({ faults: [...faults] });
    },
    /** What has been processed since it was asked last. */
    taken(): Processed[] {
      return processed.splice(0);
    },
    async webhooks(): Promise<Printed[]> {
      const answer = await ask('GET', webhooksPath);
      processed.pop();
      return ((await answer.json()) as { webhooks: Printed[] }).webhooks;
    },
    /** Who was sent which message. */
    async heard(): Promise<string[]> {
      await emulator.context.queue.idle();
      const told = emulator.context.deliveries
        .all()
        .filter(({ webhook_sid }) => webhook_sid !== null)
        .map(({ url, target, params }) => `${url ? withoutQuery(url) : target} ${params.Index}`);
      return [...new Set(told)];
    },
  };
}

/** What a conversation has, to be put into a fresh one: the records as they are, with their SIDs. */
function snapshot(context: EmulatorContext): () => void {
  const { nextIndex, messages, webhooks } = conversationIn(context);
  const copies = <T>(records: Iterable<T>) => [...records].map((record) => ({ ...record }));
  const [keptMessages, keptWebhooks] = [copies(messages.values()), copies(webhooks.values())];
  const serial = context.store.nextSerial();
  return () => {
    const fresh = conversationIn(context);
    fresh.nextIndex = nextIndex;
    for (const message of keptMessages) fresh.messages.add({ ...message });
    for (const webhook of keptWebhooks) fresh.webhooks.set(webhook.sid, { ...webhook });
    // What comes later is younger.
    while (context.store.nextSerial() < serial);
  };
}

const conversationIn = ({ store }: EmulatorContext) => store.conversations.get(ConversationSid)!;

export type Place = Awaited<ReturnType<typeof openPlace>>;

/** What makes two webhooks the same one; of a router its query is no part of it. */
export function identity({ target, configuration: { url = '', flow_sid } }: Printed): string {
  return `${target} ${flow_sid ?? (url.includes('/events/conversation?') ? withoutQuery(url) : url)}`;
}

const withoutQuery = (url: string) => url.replace(/\?.*/s, '');

function formOf(definition: Definition): URLSearchParams {
  const { target, ...settings } = definition;
  const form = new URLSearchParams({ Target: target });
  for (const [name, value] of Object.entries(settings))
    for (const item of [value].flat())
      form.append(`Configuration.${name[0]!.toUpperCase()}${name.slice(1)}`, item);
  return form;
}
