/** Milliseconds by which lists are late. */
export const LAG = 100;

/** What goes wrong, at rates that a bad day has; `seed` makes it the same bad day. */
export const faults = (seed: number) => ({
  seed,
  lag: LAG,
  deliveries: { duplicate: 0.03, delay: [0, 150], reorder: 0.05 },
  faults: [
    { match: { path: '/v1/*' }, when: { probability: 0.2 }, do: { delay: [1, 40] } },
    {
      match: { path: '/v1/*' },
      when: { probability: 0.02 },
      do: { status: 429, code: 20429, retry_after: 0 },
    },
    {
      match: { path: '/v1/*' },
      when: { probability: 0.005 },
      do: { status: 429, code: 20429, retry_after: 1 },
    },
    { match: { path: '/v1/*' }, when: { probability: 0.01 }, do: { status: 500, code: 20500 } },
    {
      match: { path: '/v1/*' },
      when: { probability: 0.01 },
      do: { status: 503, code: 20503, processed: true },
    },
    // Only writes conflict.
    ...['POST', 'DELETE'].map((method) => ({
      match: { method, path: '/v1/*' },
      when: { probability: 0.01 },
      do: { status: 409, code: 20409 },
    })),
    { match: { path: '/v1/*' }, when: { probability: 0.01 }, do: { drop: 'before' } },
    { match: { path: '/v1/*' }, when: { probability: 0.01 }, do: { drop: 'after' } },
    { match: { path: '/v1/*' }, when: { probability: 0.005 }, do: { body: 'html', status: 502 } },
    { match: { path: '/v1/*' }, when: { probability: 0.005 }, do: { body: 'garbage' } },
    { match: { path: '/v1/*' }, when: { probability: 0.005 }, do: { body: 'truncate' } },
  ],
});
