import type { RequestListener, Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { parseUrl } from '../api/parse-url';
import { isLoopback } from '../delivery/post';
import type { CertificateAuthority } from './certificate-authority';

const DEFAULT_HOST = 'conversations.twilio.com';

/**
 * Makes the server a proxy for HTTPS to `*.twilio.com`, all of which the emulator itself serves. It connects to nothing, and
 * refuses every other host.
 * @returns a function that ends all tunnels
 */
export function acceptTunnels(
  server: Server,
  listener: RequestListener,
  authority: CertificateAuthority,
): () => void {
  const secure = createSecureServer(
    {
      SNICallback: (name, done) => done(null, authority.secureContext(isTwilio(name) ? name : DEFAULT_HOST)),
    },
    listener,
  );
  secure.keepAliveTimeout = server.keepAliveTimeout;
  const tunnels = new Set<Duplex>();
  server.on('connect', ({ url = '' }, socket: Duplex, head: Buffer) => {
    tunnels.add(socket);
    socket.once('close', () => tunnels.delete(socket));
    // A client may end the connection whenever it likes.
    socket.on('error', () => socket.destroy());
    const [, host = ''] = /^(.*):443$/.exec(url) ?? [];
    if (!isTwilio(host)) return refuse(socket, url);
    // In these words: twilio-php knows no others.
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    secure.emit('connection', socket);
  });
  return () => {
    for (const socket of tunnels) socket.destroy();
    secure.closeAllConnections();
  };
}

/** A proxy gets requests of plain HTTP too, for whatever host: these are refused, as they were not meant for the emulator. */
export const refuseOtherHosts =
  (listener: RequestListener): RequestListener =>
  (incoming, outgoing) => {
    const url = incoming.url?.startsWith('/') ? undefined : parseUrl(incoming.url ?? '');
    const own = url !== undefined && isLoopback(url.href) && Number(url.port) === incoming.socket.localPort;
    if (url === undefined || own || isTwilio(url.hostname)) return listener(incoming, outgoing);
    outgoing.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(refusal(url.host));
  };

/** Whether it is a host of Twilio's, such as `conversations.dublin.ie1.twilio.com`. */
export const isTwilio = (host: string): boolean => /^([a-z\d-]+\.)+twilio\.com$/i.test(host);

const refusal = (host: string) => `This proxy leads to *.twilio.com only, not to ${host}.\n`;

function refuse(socket: Duplex, url: string): void {
  const body = refusal(url);
  socket.end(
    `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
