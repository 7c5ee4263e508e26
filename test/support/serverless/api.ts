import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fields, Refusal, type Resource, Resources } from './resources';

/** A request as it came, but for the header with the credentials. */
export interface Call {
  readonly method: string;
  readonly host: string;
  /** After `/v1/`. */
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A stand-in for Twilio's Serverless API: what was sent to it, and what is there because of it. */
export async function startServerlessApi(account: string, token: string) {
  const resources = new Resources();
  const calls: Call[] = [];
  const credentials = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const { authorization, ...headers } = request.headers;
    const { method = '', url = '' } = request;
    const host = `${headers.host}`;
    const path = decodeURI(url).replace(/^\/v1\//, '');
    const { status, answer } = await answered(async () => {
      if (authorization !== credentials) throw new Refusal(401, 20003, 'Authenticate');
      assertHost(host, method, path);
      return answerOf(resources, method, path, body, `${headers['content-type']}`);
    });
    calls.push({ method, host, path, status, headers, body });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    resources,
    calls,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function answered(work: () => Promise<object>): Promise<{ status: number; answer: object }> {
  try {
    return { status: 200, answer: await work() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    return {
      status,
      answer: { status, code, message, more_info: `https://www.twilio.com/docs/errors/${code}` },
    };
  }
}

/** Twilio takes bytes at a host of their own. */
function assertHost(host: string, method: string, path: string): void {
  const product = method === 'POST' && path.endsWith('/Versions') ? 'serverless-upload' : 'serverless';
  if (host !== `${product}.twilio.com`) throw new Refusal(404, 20404, `${path} is not at ${host}`);
}

async function answerOf(
  resources: Resources,
  method: string,
  path: string,
  body: Buffer,
  type: string,
): Promise<object> {
  const single = path.split('/').length % 2 === 0;
  if (method === 'POST') {
    const fields = await fieldsOf(body, type);
    return shown(single ? resources.update(path, fields) : resources.create(path, fields));
  }
  if (method !== 'GET') throw new Refusal(405, 20004, `Method ${method} is not allowed`);
  if (path.endsWith('/Status')) return shown(resources.fetch(path.slice(0, -'/Status'.length)));
  if (single) return shown(resources.fetch(path));
  const key = `${path.split('/').at(-1)}`.toLowerCase();
  return { meta: { key, next_page_url: null }, [key]: resources.list(path).map(shown) };
}

/** A resource without the bytes that it holds. */
function shown({ content: _, ...resource }: Resource): object {
  return resource;
}

async function fieldsOf(body: Buffer, type: string): Promise<Fields> {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const fields: Record<string, string | string[] | Buffer> = {};
  for (const name of new Set(form.keys())) {
    const [first, ...more] = form.getAll(name);
    if (first instanceof Blob) fields[name] = Buffer.from(await first.arrayBuffer());
    else fields[name] = more.length > 0 ? form.getAll(name).map(String) : `${first}`;
  }
  return fields;
}
