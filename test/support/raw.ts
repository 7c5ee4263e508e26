import { request } from 'node:http';
import { connect } from 'node:net';

/** A request as nobody's client would send it. `path`: with its query, of characters that a request line can have. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Rejects where there is no answer within ten seconds: a hang, or a crash. */
export function send(origin: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    // A connection of its own: a server that answers before it has read the body may close the one that it came by.
    const options = {
      hostname,
      port,
      method,
      path,
      headers,
      agent: false as const,
      signal: AbortSignal.timeout(10_000),
    };
    request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
      });
    })
      .on('error', reject)
      .end(method === 'GET' ? undefined : body);
  });
}

/** Sends bytes, be they HTTP or not, and answers what comes back until the other side ends it. */
export function sendBytes(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // That the other side resets the connection is an answer too.
  socket.on('error', () => {});
  socket.end(Buffer.from(bytes, 'latin1'));
  return new Promise((resolve, reject) => {
    socket.setTimeout(10_000, () => reject(new Error('no answer within ten seconds')));
    socket.on('close', () => resolve(text));
  });
}
