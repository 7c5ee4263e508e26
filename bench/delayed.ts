import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

/** What a server needs to be believed to be 127.0.0.1. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** An origin that is as far away as a real API. */
export interface Delayed {
  readonly origin: string;
  /** Requests since the start. */
  readonly connections: () => number;
  readonly handshakes: () => { readonly full: number; readonly resumed: number };
  stop(): Promise<void>;
}

/**
 * HTTPS in front of an HTTP server, every byte late: TLS is spoken behind the delay, so that its round trips take their
 * time too, and so does the one in which a TCP connection is made, of which a loopback has none.
 * @param ms each way
 */
export async function startDelayed(target: string, certificate: Certificate, ms: number): Promise<Delayed> {
  const counts = { connections: 0, full: 0, resumed: 0 };
  const sockets = new Set<net.Socket>();
  const join = (a: net.Socket, b: net.Socket, wait: number) => {
    pump(a, b, wait);
    pump(b, a, wait);
    for (const socket of [a, b]) sockets.add(socket.setNoDelay(true));
  };

  const { port, hostname } = new URL(target);
  const near = tls.createServer({ ...certificate, allowHalfOpen: true }, (socket) => {
    counts[socket.isSessionReused() ? 'resumed' : 'full'] += 1;
    join(socket, net.connect({ port: Number(port), host: hostname, allowHalfOpen: true }), 0);
  });
  const nearPort = await listening(near);
  const far = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    counts.connections += 1;
    setTimeout(() => {
      join(socket, net.connect({ port: nearPort, host: '127.0.0.1', allowHalfOpen: true }), ms);
      socket.resume();
    }, 2 * ms);
  });
  return {
    origin: `https://127.0.0.1:${await listening(far)}`,
    connections: () => counts.connections,
    handshakes: () => counts,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([near, far].map((server) => once(server.close(), 'close')));
    },
  };
}

function pump(from: net.Socket, to: net.Socket, ms: number): void {
  const later = (work: () => void) => (ms === 0 ? work() : setTimeout(work, ms));
  from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
  from.on('error', () => from.destroy());
}

async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}
