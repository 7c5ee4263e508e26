import { WriteCache } from '../../src/sync/write-cache';
import type { Webhook } from '../../src/webhooks/webhook';
import { FakeConversation } from '../support/conversation';
import { desired } from '../support/desired-state';

const conversation = new FakeConversation();
const webhook = (age: number, method: string): Webhook => ({
  ...conversation.plant(desired.webhooks.crm!, conversation.now - age),
  sid: 'WH1',
  configuration: { method },
});
const ours = webhook(0, 'ours');
const listed = (age: number) => webhook(age, 'listed');
const undated = { ...listed(0), date_updated: null as unknown as string };

test.each<[string, Webhook, number, string]>([
  ['an older list, however late', listed(1), 60_000, 'ours'],
  ['a list of the same second, for as long as given', listed(0), 999, 'ours'],
  ['a list of the same second, after that', listed(0), 1_000, 'listed'],
  ['a newer list', listed(-1), 0, 'listed'],
  ['a list without a date, for as long as given', undated, 999, 'ours'],
  ['a list without a date, after that', undated, 1_000, 'listed'],
])('prefers the right one of its own write and %s', (_, found, after, method) => {
  const cache = new WriteCache(1_000);
  cache.note(ours, 50);
  expect(cache.addTo([found], 50 + after)).toEqual([expect.objectContaining({ configuration: { method } })]);
});

test('adds what it has written and the list lacks, and leaves out what it has deleted', () => {
  const cache = new WriteCache(1_000);
  cache.note(ours, 0);
  const other = { ...ours, sid: 'WH2' };
  expect(cache.unlisted([other])).toEqual([ours]);
  expect(cache.addTo([other], 5_000)).toEqual([other, ours]);
  cache.noteRemoved('WH1');
  cache.noteRemoved('WH2');
  expect(cache.unlisted([other])).toEqual([]);
  expect(cache.addTo([other, ours], 5_000)).toEqual([]);
});

test('keeps when a webhook was written if it is fetched again, and learns of no other', () => {
  const cache = new WriteCache(1_000);
  cache.note(ours, 50);
  const fetched = { ...ours, configuration: { method: 'put' } };
  cache.refresh(fetched);
  cache.refresh({ ...ours, sid: 'WH2' });
  expect(cache.unlisted([])).toEqual([fetched]);
  expect(cache.addTo([ours], 1_049)).toEqual([fetched]);
  expect(cache.addTo([ours], 1_050)).toEqual([ours]);
});
