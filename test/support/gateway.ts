import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { validateRequest } from 'twilio';
import { emulatorEnvironment } from './programs';

export interface Knock {
  readonly path: string;
  readonly type: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly valid: boolean;
}

/**
 * What stands in front of a deployment's protected functions, and does not in front of twilio-run: a form without a valid
 * signature, made with the account's token over the URL at the domain, does not get through. Takes forms alone.
 * Without a domain it is called by its own origin.
 */
export async function startGateway(domain: string | undefined, functions: string) {
  const { AUTH_TOKEN = '' } = emulatorEnvironment();
  const knocks: Knock[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { url: path = '', headers } = incoming;
    const type = headers['content-type'];
    const params = Object.fromEntries(new URLSearchParams(body));
    const called = (domain ?? `http://${headers.host}`) + path;
    const valid = validateRequest(AUTH_TOKEN, `${headers['x-twilio-signature']}`, called, params);
    knocks.push({ path, type, params, valid });
    if (!valid) return outgoing.writeHead(403).end();
    const form = { method: 'POST', body: new URLSearchParams(params) };
    const answer = await fetch(functions + path, form).catch(() => undefined);
    if (answer === undefined) return outgoing.writeHead(502).end();
    outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    outgoing.end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    knocks,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
