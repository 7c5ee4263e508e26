import { fieldAt } from '../../../src/policy/conditions/field-path';

const event = {
  EventType: 'onMessageAdded',
  Index: 3,
  Body: 'a.b',
  'MessagingBinding.Address': '+15550001111',
  MessagingBinding: '{"Address":"never looked at"}',
  Attributes: JSON.stringify({
    tier: 'gold',
    visits: 5,
    vip: true,
    none: null,
    tags: ['new', 'urgent', 7],
    order: { id: 'A-1', 'line.item': 'x', lines: [{ sku: 'p' }, { sku: 'q' }] },
    orders: [{ address: { city: 'Bonn' } }, { address: { city: 'Kiel' } }, { address: null }, {}],
    nested: [[{ sku: 'deep' }]],
    json: '{"a":1}',
  }),
  Media: '[{"ContentType":"image/png"},{"ContentType":"video/mp4"}]',
};

test.each([
  ['Body', ['a.b']],
  ['Index', ['3']],
  ['MessagingBinding.Address', ['+15550001111']],
  ['Attributes.tier', ['gold']],
  ['Attributes.visits', ['5']],
  ['Attributes.vip', ['true']],
  ['Attributes.tags', ['new', 'urgent', '7']],
  ['Attributes.tags.1', ['urgent']],
  ['Attributes.order.id', ['A-1']],
  ['Attributes.order.line.item', ['x']],
  ['Attributes.order.lines.sku', ['p', 'q']],
  ['Attributes.order.lines.0.sku', ['p']],
  ['Attributes.orders.address.city', ['Bonn', 'Kiel']],
  ['Media.ContentType', ['image/png', 'video/mp4']],
])('reads %s as %j', (field, texts) => {
  expect(fieldAt(event, field)).toEqual({ exists: true, texts });
});

test.each(
  [
    [
      '',
      'Author',
      'Author.name',
      'Body.x',
      'Body.',
      'Index.x',
      'Attributes.',
      'Attributes..tier',
      'Attributes.tier.x',
      'Attributes.tie',
      'Attributes.tierx',
      'Attributes.none.x',
    ],
    ['Attributes.none', 'Attributes.tags.length', 'Attributes.nested.sku', 'Attributes.json.a'],
    [
      'Attributes.constructor.name',
      'Attributes.__proto__',
      'Attributes.toString',
      'toString',
      '__proto__',
      'Media.9.x',
    ],
  ].flat(),
)('finds nothing at %j', (field) => {
  expect(fieldAt(event, field)).toEqual({ exists: false, texts: [] });
});

test.each([
  [{ UniqueName: undefined }, 'UniqueName'],
  [{ Attributes: 'null' }, 'Attributes.tier'],
  [{ Bod: '{"Body":1}' }, 'Body'],
  [{ Attributes: '{"tie":{"tier":1}}' }, 'Attributes.tier'],
])('finds nothing in %j at %j', (fields, field) => {
  expect(fieldAt(fields, field)).toEqual({ exists: false, texts: [] });
});

test('reads an empty key', () => {
  const texts = ['x'];
  expect(fieldAt({ Attributes: '{"":{"key":"x"}}' }, 'Attributes..key')).toEqual({ exists: true, texts });
});

test('survives endlessly nested attributes', () => {
  const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
  expect(fieldAt({ Attributes: deep }, 'Attributes.x').texts).toEqual([]);
  expect(fieldAt({ Attributes: `{"x":${deep}}` }, 'Attributes.x').texts).toEqual([]);
});

test.each([
  ['Attributes.order', true],
  ['Attributes.nested', true],
  ['Attributes.empty', true],
  ['Attributes.blank', true],
  ['Attributes.none', false],
  ['Attributes.nulls.x', false],
  ['Attributes.empty.x', false],
])('sees whether %s exists, without a value to compare: %s', (field, exists) => {
  const more = { ...JSON.parse(event.Attributes), empty: [], blank: '', nulls: [{ x: null }, {}] };
  expect(fieldAt({ Attributes: JSON.stringify(more) }, field).exists).toBe(exists);
});
