import { parseUrl } from '../src/lib/parse-url';
import { isLoopback } from '../src/lib/url';
import { UsageError } from './errors';

/**
 * The origin of a deployment, such as `https://conversation-webhooks-1234-dev.twil.io`: https, or http on this machine.
 * @param name what the URL was given as, such as `--url`
 * @throws UsageError; it does not repeat the URL, which may contain a password
 */
export function deploymentOrigin(given: string, name: string): URL {
  const url = parseUrl(given);
  const refuse = (reason: string): never => {
    throw new UsageError(`${name} ${reason}; use a URL such as https://my-service-1234-dev.twil.io`);
  };
  if (!url || !/^https?:\/\//i.test(given)) return refuse('must begin with https://');
  if (url.username || url.password) return refuse('must not contain a user name or password');
  if (url.pathname !== '/' || url.search || url.hash) return refuse('must not have a path');
  // As the documentation writes it: YOUR-DOMAIN.
  if (!isLoopback(url.hostname) && !url.hostname.includes('.')) return refuse('must contain a domain');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return refuse('must be https');
  return url;
}
