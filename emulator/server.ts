import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono, MiddlewareHandler } from 'hono';
import { createApp } from './app';
import { forwardedUrl } from './client-url';
import { type ContextSettings, createContext, type EmulatorContext } from './context';
import { type ControlClient, createControlClient } from './control/client';
import { seed } from './seed';
import type { CertificateAuthority } from './tls/certificate-authority';
import { acceptTunnels, refuseOtherHosts } from './tls/tunnels';
import { ACCOUNT_SID, AUTH_TOKEN } from './twilio/account';

export interface EmulatorSettings extends ContextSettings {
  /** 0, the default, finds a free one. */
  port?: number;
  /** Middleware that sees each API request, and its response before any fault. */
  within?: MiddlewareHandler;
  /** Makes the emulator a proxy that serves `https://*.twilio.com` with certificates of this authority. */
  authority?: CertificateAuthority | undefined;
}

export interface Emulator extends ControlClient {
  /** Where it listens: `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly app: Hono;
  readonly context: EmulatorContext;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** An emulator in this process, on 127.0.0.1 only. Rejects if it cannot listen on the port. */
export async function createEmulator(settings: EmulatorSettings = {}): Promise<Emulator> {
  const { port = 0, within, authority, ...contextSettings } = settings;
  const context = createContext(contextSettings);
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
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...createControlClient(app, url),
    url,
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    app,
    context,
    close: () =>
      new Promise((resolve) => {
        context.queue.close();
        server.close(() => resolve());
        server.closeAllConnections();
        closeTunnels?.();
      }),
  };
}
