import type { Alert, CaseFile, Line, Listener, Message } from '../../cli/why/case';

export const HOST = 'conversation-webhooks-1234-dev.twil.io';
export const CRM = 'https://crm.example.com/in';
/** So many seconds after the beginning. */
export const at = (seconds: number) =>
  new Date(Date.UTC(2026, 10, 1, 12) + seconds * 1000).toISOString().replace('.000Z', 'Z');
const sid = (prefix: string, n: number) => prefix + String(n).padStart(32, '0');

export const message = (facts: Partial<Message> = {}): Message => ({
  sid: sid('IM', facts.index ?? 0),
  index: 0,
  date: at(100),
  writer: 'carrier',
  body: 'hello',
  ...facts,
});

export const listener = (facts: Partial<Listener> = {}): Listener => ({
  level: 'scoped',
  sid: sid('WH', 1),
  label: CRM,
  managed: false,
  target: 'webhook',
  address: CRM,
  hasQuery: false,
  method: null,
  deployment: null,
  filters: ['onMessageAdded'],
  keywords: [],
  created: at(0),
  updated: at(0),
  replayAfter: null,
  ...facts,
});

export const router = (facts: Partial<Listener> = {}): Listener =>
  listener({
    sid: sid('WH', 2),
    label: 'router',
    managed: true,
    address: `https://${HOST}/events/conversation`,
    deployment: HOST,
    ...facts,
  });

export const line = (facts: Partial<Line> = {}): Line => ({
  date: at(100.3),
  operation: 'event',
  event: 'onMessageAdded',
  index: 0,
  status: 200,
  result: 'ignored',
  why: 'no rule matches',
  ...facts,
});

export const alert = (facts: Partial<Alert> = {}): Alert => ({
  date: at(101),
  code: 11217,
  address: CRM,
  webhook: sid('WH', 1),
  event: 'onMessageAdded',
  message: sid('IM', 0),
  status: 500,
  ...facts,
});

export const caseFile = (facts: Partial<CaseFile> = {}): CaseFile => ({
  now: at(1_000),
  since: at(0),
  host: HOST,
  conversation: { sid: sid('CH', 1), service: sid('IS', 1), state: 'active', created: at(0) },
  listeners: [],
  router: null,
  firstProfile: 'bot',
  commands: { service: null, flags: ['--url', `https://${HOST}`] },
  policyIssue: null,
  rules: [{ name: 'asks-for-human', from: ['bot'], profile: 'agent' }],
  messages: [],
  log: { issue: null, from: at(0), lines: [] },
  alerts: [],
  alertIssue: null,
  ...facts,
});

export const logged = (...lines: readonly Line[]): CaseFile['log'] => ({ issue: null, from: at(0), lines });
