import type { FaultEffect } from './fault';

const HTML = '<html>\n<head><title>Bad Gateway</title></head>\n<body><h1>Bad Gateway</h1></body>\n</html>\n';
const GARBAGE = '{]\u0000\u001f\ufffd,,"sid":';

/** The same response with another body, or half of its own; undefined if there is no body to cut. */
export async function corruptBody(
  response: Response,
  how: NonNullable<FaultEffect['body']>,
): Promise<Response | undefined> {
  const text = await response.text();
  const headers = new Headers(response.headers);
  const { status } = response;
  if (how === 'empty') return new Response(null, { status, headers });
  if (how === 'truncate') {
    if (text === '') return undefined;
    headers.set('Content-Length', String(Buffer.byteLength(text)));
    return new Response(text.slice(0, text.length / 2), { status, headers });
  }
  headers.set('Content-Type', how === 'html' ? 'text/html; charset=utf-8' : 'application/json');
  // A 204 cannot have a body.
  return new Response(how === 'html' ? HTML : GARBAGE, { status: status === 204 ? 200 : status, headers });
}
