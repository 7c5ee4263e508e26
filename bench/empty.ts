import type { Handler } from './runtime';

/** Does nothing: what a process costs by itself. */
export const handler: Handler = (_context, _event, callback) => callback(null, 'ok');
