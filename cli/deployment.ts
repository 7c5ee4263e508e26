import { isLoopback } from '../src/lib/url';
import { Refusal } from './refusal';

/**
 * The origin of a deployment, such as `https://conversation-webhooks-1234-dev.twil.io`: https, or http on this machine.
 * @throws Refusal; it repeats nothing, as the URL may have a password in it
 */
export function deploymentOrigin(given: string, exitCode: number): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const refuse = (why: string): never => {
    throw new Refusal(
      `The URL of the deployment ${why}; it looks like https://my-service-1234-dev.twil.io.`,
      exitCode,
    );
  };
  if (!url || !/^https?:\/\//i.test(given)) return refuse('must begin with https://');
  if (url.username || url.password) return refuse('takes no user name and no password');
  if (url.pathname !== '/' || url.search || url.hash) return refuse('takes no path');
  // As the documentation writes it: YOUR-DOMAIN.
  if (!isLoopback(url.hostname) && !url.hostname.includes('.')) return refuse('has no domain in it');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return refuse('must be https');
  return url;
}
