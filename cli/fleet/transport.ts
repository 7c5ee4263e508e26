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

/** A transport that shows each response, also of attempts that are retried. */
export function observed(
  transport: Transport,
  onResponse: (response: { readonly status: number; readonly headers: IncomingHttpHeaders }) => void,
): Transport {
  return (request, options) => transport(request, { ...options, onResponse });
}
