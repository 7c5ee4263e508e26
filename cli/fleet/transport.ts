import type { IncomingHttpHeaders } from 'node:http';
import type { Transport } from '../transport';

interface Observer {
  onAttempt(retries: number): void;
  onResponse(response: { readonly status: number; readonly headers: IncomingHttpHeaders }): void;
}

/** A transport that shows each attempt, also those that are retried, and its response if there is one. */
export function observed(transport: Transport, { onAttempt, onResponse }: Observer): Transport {
  return (request, options) =>
    transport(request, {
      ...options,
      onResponse,
      onAttempt(retries) {
        options.onAttempt(retries);
        onAttempt(retries);
      },
    });
}
