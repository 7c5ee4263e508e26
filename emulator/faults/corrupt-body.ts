import type { Deed } from './fault';

const HTML = '<html>\n<head><title>Bad Gateway</title></head>\n<body><h1>Bad Gateway</h1></body>\n</html>\n';
const GARBAGE = '{]\u0000\u001f\ufffd,,"sid":';

/** The same answer with another body, or with half of it; undefined where there is no body to halve. */
export async function spoil(answer: Response, how: NonNullable<Deed['body']>): Promise<Response | undefined> {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  const { status } = answer;
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
