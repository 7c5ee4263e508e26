import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MiddlewareHandler } from 'hono';
// Not 'twilio', which loads a third more modules, in every file of tests.
import Twilio from 'twilio/lib/rest/Twilio';
import { createEmulator, type EmulatorSettings } from '../../emulator/server';
import type { Delivery } from '../../emulator/state/history';
import type { Execution } from '../../emulator/state/studio';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../emulator/twilio/account';
import { documents, errorBody, operationOf, validator } from './strict-spec';

export const DEMO = 'CH00000000000000000000000000000001';
export const FLOW = `FW${'a'.repeat(32)}`;
export const fires = { xTwilioWebhookEnabled: 'true' } as const;

export type Subject = Awaited<ReturnType<typeof startEmulator>>;

/** An emulator in this process. Every response under /v1 and /v2 is validated against Twilio's specification; `stop` reports. */
export async function startEmulator(settings: EmulatorSettings = {}) {
  const violations: string[] = [];
  const emulator = await createEmulator({ within: conform(violations), ...settings });
  const origin = emulator.url;
  const control = (method: string, path: string, body?: object) =>
    send(`${origin}/_emulator${path}`, method, body && JSON.stringify(body), {
      'Content-Type': 'application/json',
    });
  return {
    origin,
    context: emulator.context,
    app: emulator.app,
    violations,
    control,
    api: clientOf(Twilio, origin),
    events: eventsOf(origin),
    studio: studioOf(origin),
    raw: (method: string, path: string, form?: string, headers: { [name: string]: string } = {}) =>
      send(`${origin}${path}`, method, form, { ...FORM, Authorization: BASIC, ...headers }),
    /** The deliveries so far, once none is under way. */
    deliveries: async (query = ''): Promise<Delivery[]> => {
      await control('GET', '/idle');
      return (await control('GET', `/deliveries${query}`)).body.deliveries;
    },
    executions: async (): Promise<Execution[]> => {
      await control('GET', '/idle');
      return (await control('GET', '/executions')).body.executions;
    },
    stop: async () => {
      await emulator.close();
      expect(violations).toEqual([]);
    },
  };
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
export const BASIC = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;

/** A helper library of any version, pointed at the emulator. */
export function clientOf(Library: typeof Twilio, origin: string) {
  const client = new Library(ACCOUNT_SID, AUTH_TOKEN);
  client.conversations.baseUrl = origin;
  return client.conversations.v1;
}

function eventsOf(origin: string) {
  const client = new Twilio(ACCOUNT_SID, AUTH_TOKEN);
  client.events.baseUrl = origin;
  return client.events.v1;
}

function studioOf(origin: string) {
  const client = new Twilio(ACCOUNT_SID, AUTH_TOKEN);
  client.studio.baseUrl = origin;
  return client.studio.v2;
}

// biome-ignore lint/suspicious/noExplicitAny: each test knows the response that it expects
type Body = any;

export async function send(
  url: string,
  method: string,
  body?: string,
  headers: { [name: string]: string } = {},
) {
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text && JSON.parse(text)) as Body };
}

const conform =
  (violations: string[]): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const { method } = c.req;
    const { status } = c.res;
    const pathname = c.req.path;
    // The specification has forgotten this name.
    const documented = pathname.replace(/^\/v1\/Conversations\/Webhooks$/, '/v1/Configuration/Webhooks');
    const report = (what: string): void => void violations.push(`${method} ${pathname} ${status}: ${what}`);
    if (status === 204) return;
    // twilio-flex-token-validator is all that documents it.
    if (documented.endsWith('/Tokens/validate')) return;
    const body: unknown = await c.res.clone().json();
    if (status >= 400) {
      if (!errorBody(body)) report(JSON.stringify(errorBody.errors));
      return;
    }
    const operation = operationOf(method, documented);
    if (operation === undefined || !documents(operation, status)) return report('not in the specification');
    const validate = validator(operation, status);
    if (validate === undefined) report('no body expected');
    else if (!validate(body)) report(JSON.stringify(validate.errors));
  };

interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  params: URLSearchParams;
  body: string;
}

/** A new emulator for each test, which is stopped and checked after it. */
export function useEmulator(settings: EmulatorSettings = {}): Subject {
  const subject = {} as Subject;
  beforeEach(async () => Object.assign(subject, await startEmulator(settings)));
  afterEach(() => subject.stop());
  return subject;
}

/** A server for webhooks, new for each test. A test may replace `respond`, which returns 200. */
export function useSink() {
  const ok = (_: IncomingMessage, response: ServerResponse): void => void response.end();
  const sink = { url: '', requests: [] as Received[], respond: ok };
  let server: Server;
  beforeEach(async () => {
    Object.assign(sink, { requests: [], respond: ok });
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { method = '', url = '', headers } = request;
      sink.requests.push({ method, url, headers, params: new URLSearchParams(body), body });
      sink.respond(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sink.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return sink;
}

/** The error of a call that is refused. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; code: number; message: string }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { status, code, message } = error as { status: number; code: number; message: string };
  return { status, code, message };
}

/** What tests do in the demo conversation: write in it, and attach webhooks that call the sink. */
export function useDemoConversation() {
  const subject = useEmulator();
  const sink = useSink();
  const demo = () => subject.api.conversations(DEMO);
  return {
    subject,
    sink,
    demo,
    say: (Body: string, more: object = {}) =>
      subject.control('POST', '/conversations/demo/messages', { Body, ...more }),
    attach: (filters: string[], more: object = {}) =>
      demo().webhooks.create({
        target: 'webhook',
        'configuration.url': `${sink.url}/hook`,
        'configuration.filters': filters,
        ...more,
      }),
  };
}
