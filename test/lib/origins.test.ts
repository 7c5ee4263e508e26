import { areOrigins, parseOrigins } from '../../src/lib/origins';

test.each([
  [undefined, []],
  ['', []],
  ['https://flex.twilio.com', ['https://flex.twilio.com']],
  [
    ' https://flex.twilio.com/ ,HTTPS://Desk.Example.com:443',
    ['https://flex.twilio.com', 'https://desk.example.com'],
  ],
  ['https://desk.example.com:8443', ['https://desk.example.com:8443']],
  ['http://localhost:3000,http://127.0.0.1', ['http://localhost:3000', 'http://127.0.0.1']],
])('parses %j as a browser writes an Origin', (list, origins) => {
  expect(parseOrigins(list)).toEqual(origins);
  expect(areOrigins(list)).toBe(true);
});

test.each([
  'flex.twilio.com',
  'https://flex.twilio.com/agent-desktop',
  'https://flex.twilio.com?x',
  'https://flex.twilio.com/#x',
  'https://user@flex.twilio.com',
  'https://*.twilio.com/x',
  'http://flex.twilio.com',
  'ftp://flex.twilio.com',
  'file:///',
  'null',
  '*',
  ',',
])('does not take %s for an origin', (list) => {
  expect(areOrigins(list)).toBe(false);
  expect(parseOrigins(`https://flex.twilio.com,${list}`)[0]).toBe('https://flex.twilio.com');
  expect(parseOrigins(list)).not.toContain(list);
});
