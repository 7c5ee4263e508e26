import { once } from 'node:events';
import { createServer } from 'node:http';
import { handler as conversation } from '../../src/functions/events/conversation.protected';
import { handler as sync } from '../../src/functions/webhooks/sync.protected';
import { call, installRuntime } from './fault-injection/platform';
import { buildPolicy } from './policy';
import { DEMO_POLICY, emulatorEnvironment } from './programs';

const HANDLERS = { '/events/conversation': conversation, '/webhooks/sync': sync };

/** As startFunctions, without a process to start: the handlers of some functions behind a server in this process. */
export async function serveFunctions(variables: Readonly<Record<string, string>>, port: number) {
  installRuntime(buildPolicy(DEMO_POLICY));
  const context = { ...emulatorEnvironment(), ...variables, DOMAIN_NAME: `localhost:${port}` };
  const calls: Promise<unknown>[] = [];
  const server = createServer(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += chunk;
    const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
    const event = Object.fromEntries([...searchParams, ...new URLSearchParams(form)]);
    const answered = call(HANDLERS[pathname as keyof typeof HANDLERS], context, event);
    calls.push(answered);
    const { status, body } = await answered;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(port);
  await once(server, 'listening');
  return {
    origin: `http://localhost:${port}`,
    /** Resolves when nothing of what was called is at work any more, be it heard or not. */
    finished: () => Promise.all(calls),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
