import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between the functions and the API. `seen` decides, at each request, whether it and its answer go on their way. */
export async function startProxy(target: string) {
  const proxy = {
    origin: '',
    /** Called before a request (`POST /path`) goes on, and before its answer goes back: false keeps it here. */
    seen: (_when: 'request' | 'answer', _request: string): boolean => true,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    if (!proxy.seen('request', `${method} ${url}`)) return;
    const forwarded = request(new URL(`${url}`, target), { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        if (proxy.seen('answer', `${method} ${url}`))
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(chunks));
      });
    });
    incoming.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
