import type { Delivery } from './types';

/** A command that sends the same request with the same signature; undefined for Studio. */
export function curlOf({ method, url, params, events, signature }: Delivery): string | undefined {
  if (method === null || url === null) return undefined;
  const json = events !== null;
  const body = json ? JSON.stringify(events) : new URLSearchParams(params).toString();
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded; charset=utf-8';
  return [
    `curl ${quote(url)}`,
    `-H ${quote(`X-Twilio-Signature: ${signature}`)}`,
    ...(method === 'POST' ? [`-H ${quote(`Content-Type: ${type}`)}`, `--data-raw ${quote(body)}`] : []),
  ].join(' \\\n  ');
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
