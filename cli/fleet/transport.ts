import type { IncomingHttpHeaders } from 'node:http';
import type { CallContext } from '../../src/twilio/api';

export type Transport = NonNullable<CallContext['send']>;

/** A transport that cannot change anything: it refuses every request but GET. */
export function readOnly(transport: Transport): Transport {
  return async (request, options) => {
    if (request.method !== 'GET') throw new Error(`${request.method} on a transport that only reads`);
    return transport(request, options);
  };
}

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
