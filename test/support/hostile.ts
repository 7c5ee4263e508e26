import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULTS } from './faults';

/** The conversation that a fault happens to. */
export const conversationWith = (fault: string) =>
  `CH${Object.keys(FAULTS).indexOf(fault).toString(16).padStart(32, '0')}`;

/**
 * An API in the place of Twilio's that does to each conversation what its SID says, and a host that nobody should call.
 * `domain`: where the functions are that it answers.
 */
export async function startHostile(domain: string) {
  const reached: string[] = [];
  const other = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  const api = createServer(({ url = '', headers: { authorization = '' } }, response) => {
    const number = /\/Conversations\/CH([0-9a-f]{32})/.exec(url)?.[1] ?? '';
    const fault = Object.values(FAULTS)[Number.parseInt(number, 16)];
    if (!fault) {
      reached.push(url);
      return void response.writeHead(418).end();
    }
    const [, token = ''] = `${Buffer.from(authorization.slice('Basic '.length), 'base64')}`.split(':');
    fault({ authorization, token, domain, path: url, elsewhere: originOf(other) })(response);
  });
  const servers = [other, api];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: originOf(api),
    /** Requests that went where none should. */
    reached,
    async stop() {
      await Promise.all(
        servers.map((server) => {
          server.close();
          server.closeAllConnections();
          return once(server, 'close');
        }),
      );
    },
  };
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
