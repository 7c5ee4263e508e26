import type { FaultEffect, FaultSpec } from '../../../emulator/faults/fault';
import { emulatorEnvironment } from '../programs';

const { ACCOUNT_SID, AUTH_TOKEN } = emulatorEnvironment();
/** What no answer may have in it: each fault that can say something says it. */
export const SECRETS = [
  `${AUTH_TOKEN}`,
  Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64').slice(0, 44),
];
const message = `you sent ${AUTH_TOKEN}`;

/** What one request can meet. */
const KINDS = {
  'dropped before processing': { drop: 'before' },
  'dropped after processing': { drop: 'after' },
  '500 before processing': { status: 500, code: 20500, message },
  '500 after processing': { status: 500, code: 20500, message, processed: true },
  '503 in HTML': { status: 503, body: 'html' },
  '429 with Retry-After': { status: 429, code: 20429, message, retry_after: 0 },
  'cut off after processing': { body: 'truncate' },
} as const satisfies Record<string, FaultEffect>;

/** What only a write can meet. */
const CONFLICT: FaultEffect = { status: 409, code: 20409, message };

/** One place where something goes wrong, and what. */
export interface Point {
  readonly label: string;
  readonly faults: readonly FaultSpec[];
  /** One fault, after which everything goes well. */
  readonly single: boolean;
}

const PATHS: Readonly<Record<string, NonNullable<FaultSpec['match']>>> = {
  list: { method: 'GET', path: '*/Webhooks' },
  fetch: { method: 'GET', path: '*/Webhooks/WH*' },
  create: { method: 'POST', path: '*/Webhooks' },
  update: { method: 'POST', path: '*/Webhooks/WH*' },
  remove: { method: 'DELETE', path: '*/Webhooks/WH*' },
  newestIndex: { method: 'GET', path: '*/Messages' },
};
const all = { path: '/v1/*' };

const WRITES = ['create', 'update', 'remove'];

function kindsOf(call: string): [kind: string, effect: FaultEffect][] {
  const kinds: [string, FaultEffect][] = Object.entries(KINDS);
  return WRITES.includes(call) ? [...kinds, ['409', CONFLICT]] : kinds;
}

/** How many points there are at a call. */
export function countPoints(call: string): number {
  return 2 * kindsOf(call).length + 2;
}

/**
 * All that can go wrong at each of these API calls: each kind of fault, once, and at that call and all like it from then on;
 * nothing but lost answers from then on; and an answer that is lost before Twilio asks for patience.
 */
export function pointsOf(calls: readonly string[]): Point[] {
  return calls.flatMap((call, after) => {
    const alike = calls.slice(0, after).filter((other) => other === call).length;
    const at = `call ${after + 1}, ${call}`;
    const once = { match: all, when: { after, count: 1 } };
    const later = { match: all, when: { after } };
    const lost = KINDS['dropped after processing'];
    const refused = KINDS['429 with Retry-After'];
    return [
      ...kindsOf(call).flatMap(([kind, deed]) => [
        { label: `${at}: ${kind}`, faults: [{ ...once, do: deed }], single: true },
        {
          ...{ label: `${at}: ${kind}, each time`, single: false },
          faults: [{ match: PATHS[call]!, when: { after: alike }, do: deed }],
        },
      ]),
      { label: `${at}: every answer from here on is lost`, faults: [{ ...later, do: lost }], single: false },
      {
        ...{ label: `${at}: the answer is lost, and from then on it is 429`, single: false },
        faults: [
          { ...once, do: lost },
          { ...later, do: refused },
        ],
      },
    ];
  });
}
