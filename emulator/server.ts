import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono, MiddlewareHandler } from 'hono';
import { createApp } from './app';
import { forwardedUrl } from './client-url';
import { type ContextSettings, createContext, type EmulatorContext } from './context';
import { seed } from './seed';
import type { CertificateAuthority } from './tls/certificate-authority';
import { acceptTunnels, refuseOtherHosts } from './tls/tunnels';

export interface EmulatorSettings extends ContextSettings {
  /** Middleware that sees each API request, and its response before any fault. */
  within?: MiddlewareHandler;
  /** Makes the emulator a proxy that answers for `https://*.twilio.com` with certificates of this authority. */
  authority?: CertificateAuthority | undefined;
}

export interface Emulator {
  app: Hono;
  context: EmulatorContext;
  /** Listens on 127.0.0.1 only; port 0 finds a free one. Resolves with the origin, `http://127.0.0.1:4010`. */
  listen(port: number): Promise<string>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

export function createEmulator({ within, authority, ...settings }: EmulatorSettings = {}): Emulator {
  const context = createContext(settings);
  seed(context);
  const app = createApp(context, within);
  const respond = getRequestListener(app.fetch);
  const listener: RequestListener = (incoming, outgoing) => {
    incoming.url = forwardedUrl(incoming) ?? incoming.url;
    return respond(incoming, outgoing);
  };
  const server = createServer(authority ? refuseOtherHosts(listener) : listener);
  // A client that reuses an idle connection while the server closes it gets a reset that Twilio would not cause.
  server.keepAliveTimeout = 0;
  const closeTunnels = authority && acceptTunnels(server, listener, authority);
  return {
    app,
    context,
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        context.queue.close();
        server.close(() => resolve());
        server.closeAllConnections();
        closeTunnels?.();
      }),
  };
}
