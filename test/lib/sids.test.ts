import {
  validateConversationSid,
  validateFlowSid,
  validateServiceSid,
  validateWebhookSid,
} from '../../src/lib/sids';

const digits = '0123456789abcdefABCDEF0123456789';

test('accepts a prefix and 32 hexadecimal digits', () => {
  expect(validateWebhookSid(`WH${digits}`)).toBe(`WH${digits}`);
  expect(validateFlowSid(`FW${digits}`)).toBe(`FW${digits}`);
  expect(validateServiceSid(`IS${digits}`)).toBe(`IS${digits}`);
});

test.each(['', 'WH', `WH${digits}0`, `wh${digits}`, `FW${digits}`, `WH${digits}\n`, `WH${'g'.repeat(32)}`])(
  'rejects %j as a webhook SID',
  (sid) => {
    expect(() => validateWebhookSid(sid)).toThrow(expect.objectContaining({ code: 50363, status: 400 }));
  },
);

test.each([
  ['WH', validateWebhookSid, 50363],
  ['FW', validateFlowSid, 50367],
  ['IS', validateServiceSid, 20001],
] as const)('refuses a %s SID with anything before or after it', (prefix, validate, code) => {
  const sid = `${prefix}${digits}`;
  for (const wrong of [
    `x${sid}`,
    ` ${sid}`,
    `\n${sid}`,
    `${sid}0`,
    `${sid} `,
    `${sid}\n`,
    `${sid}/x`,
    sid + sid,
  ])
    expect(() => validate(wrong)).toThrow(expect.objectContaining({ code, status: 400 }));
});

test('reports a missing Sid', () => {
  expect(() => validateWebhookSid(undefined)).toThrow('Sid is missing');
  expect(() => validateFlowSid('WH1')).toThrow(expect.objectContaining({ code: 50367 }));
  expect(() => validateServiceSid('CH1')).toThrow(expect.objectContaining({ code: 20001 }));
});

test.each<[what: string, validate: () => string, message: string]>([
  [
    'a webhook SID',
    () => validateWebhookSid('WH1'),
    'Sid "WH1" is malformed: send the webhook\'s SID, WH and 32 hexadecimal digits',
  ],
  [
    'a flow SID',
    () => validateFlowSid('FW1'),
    'FlowSid "FW1" is malformed: send the flow\'s SID, FW and 32 hexadecimal digits',
  ],
  [
    'a service SID',
    () => validateServiceSid('IS1'),
    'ServiceSid "IS1" is malformed: send the service\'s SID, IS and 32 hexadecimal digits',
  ],
  [
    'no conversation',
    () => validateConversationSid(undefined),
    "ConversationSid is missing: send the conversation's SID or unique name",
  ],
  [
    'a path',
    () => validateConversationSid('a/b'),
    'ConversationSid "a/b" is not a valid conversation SID or unique name',
  ],
])('says what to send instead of %s', (_, validate, message) => {
  expect(validate).toThrow(message);
});

test.each([`CH${digits}`, 'order-1234', 'jane@example.com', 'a b', '...', 'Köln+1:2;3&4=5', 'x'.repeat(512)])(
  'accepts %j as a conversation',
  (sid) => {
    expect(validateConversationSid(sid)).toBe(sid);
  },
);

test.each(['.', '..', 'a/b', 'a?b', 'a#b', 'a\\b', '%2e%2e', 'a\u0000b', 'a\nb', '\ud800', 'x'.repeat(513)])(
  'rejects %j, which could change the path of a URL',
  (sid) => {
    expect(() => validateConversationSid(sid)).toThrow(expect.objectContaining({ code: 20001, status: 400 }));
  },
);

test('reports a missing ConversationSid with its own code', () => {
  expect(() => validateConversationSid(undefined)).toThrow(
    expect.objectContaining({ code: 50351, status: 400 }),
  );
});
