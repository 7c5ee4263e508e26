import { conversationsOfEndedExecutions, serviceOfSink } from '../../src/events/studio-executions';

const type = 'com.twilio.studio.flow.execution.ended';
const CH = (digit: string) => `CH${digit.repeat(32)}`;
const ended = (contact_channel_address: unknown) => ({ type, data: { contact_channel_address } });

test('returns each conversation of a batch once', () => {
  expect(conversationsOfEndedExecutions([ended(CH('a')), ended(CH('B')), ended(CH('a'))])).toEqual([
    CH('a'),
    CH('B'),
  ]);
  expect(conversationsOfEndedExecutions(ended(CH('a')))).toEqual([CH('a')]);
});

test('reads a batch of any size, as a Function receives it, and nothing beside it', () => {
  const sids = Array.from({ length: 12 }, (_, n) => `CH${`${n}`.padStart(32, '0')}`);
  const beside = { x0: ended(CH('a')), '0x': ended(CH('b')), request: ended(CH('c')) };
  expect(conversationsOfEndedExecutions({ ...sids.map(ended), ...beside })).toEqual(sids);
});

test.each([
  ['a prefix', `x${CH('a')}`],
  ['a line before it', `x\n${CH('a')}`],
  ['a suffix', `${CH('a')}a`],
  ['a path after it', `${CH('a')}/Webhooks`],
  ['a line end after it', `${CH('a')}\n`],
  ['a digit too few', CH('a').slice(0, -1)],
  ['another prefix', CH('a').replace('CH', 'WH')],
  ['a lower-case prefix', CH('a').replace('CH', 'ch')],
  ['no hexadecimal digits', CH('g')],
  ['a phone number', '+15550100'],
  ['a list', [CH('a')]],
  ['nothing', undefined],
])('skips an address with %s', (_, address) => {
  expect(conversationsOfEndedExecutions([ended(address), ended(CH('b'))])).toEqual([CH('b')]);
});

test.each([
  { ...ended(CH('a')), type: 'com.twilio.studio.flow.execution.started' },
  { ...ended(CH('a')), type: `${type}.x` },
  { type },
  { type, data: null },
  null,
  'text',
])('skips an item that is not an ended execution: %j', (item) => {
  expect(conversationsOfEndedExecutions([item, ended(CH('b'))])).toEqual([CH('b')]);
});

test.each([
  [{ ServiceSid: `IS${'1'.repeat(32)}` }, `IS${'1'.repeat(32)}`],
  [{ ServiceSid: '' }, undefined],
  [{ ServiceSid: ['a', 'b'] }, undefined],
  [{}, undefined],
])('reads the service of the sink from %j', (event, service) => {
  expect(serviceOfSink(event)).toBe(service);
});
