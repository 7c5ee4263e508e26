import type { CallContext } from '../src/twilio/api';

export type Transport = NonNullable<CallContext['send']>;

/** A transport that cannot change anything: it refuses every request but GET. */
export function readOnly(transport: Transport): Transport {
  return async (request, options) => {
    if (request.method !== 'GET') throw new Error(`${request.method} on a transport that only reads`);
    return transport(request, options);
  };
}
