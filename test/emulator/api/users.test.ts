import type { UserListInstance } from 'twilio/lib/rest/conversations/v1/user';
import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, refusal, useEmulator } from '../../support/emulator';

const subject = useEmulator();

const families = [
  ['the default service', () => subject.api.users],
  ['a service', () => subject.api.services(DEFAULT_SERVICE_SID).users as unknown as UserListInstance],
] as const;

describe.each(families)('in %s', (_, users) => {
  test('creates, fetches, updates and lists users', async () => {
    const created = await users().create({ identity: 'carla', attributes: '{"team":"night"}' });
    expect(created).toMatchObject({
      sid: expect.stringMatching(/^US[0-9a-f]{32}$/),
      chatServiceSid: DEFAULT_SERVICE_SID,
      identity: 'carla',
      friendlyName: null,
      attributes: '{"team":"night"}',
      url: expect.stringMatching(new RegExp(`^${subject.origin}/v1/.*Users/${created.sid}$`)),
    });
    const role = `RL${'a'.repeat(32)}`;
    const updated = await users()(created.sid).update({ friendlyName: 'Carla', roleSid: role });
    expect(updated).toMatchObject({
      friendlyName: 'Carla',
      roleSid: role,
      attributes: '{"team":"night"}',
    });
    expect((await users()('carla').fetch()).sid).toBe(created.sid);
    expect((await users().list()).map(({ identity }) => identity)).toEqual(['agent', 'carla']);
  });

  test('refuses what is not a user', async () => {
    const refused = async (params: object) => (await refusal(users().create(params as never))).code;
    expect(await refused({ identity: '' })).toBe(50204);
    expect(await refused({ identity: `US${'a'.repeat(32)}` })).toBe(50206);
    expect(await refused({ identity: 'carla', attributes: 'no JSON' })).toBe(50304);
    expect(await refused({ identity: 'carla', roleSid: 'admin' })).toBe(50109);
    expect(await refusal(users().create({ identity: 'agent' }))).toMatchObject({ status: 409, code: 50201 });
    expect(await refusal(users()('nobody').fetch())).toMatchObject({ status: 404, code: 20404 });
    expect(await refusal(users()('nobody').update({}))).toMatchObject({ status: 404, code: 20404 });
  });
});

test('adds the user of a new participant once', async () => {
  const { participants } = subject.api.conversations(DEMO);
  await participants.create({ identity: 'carla' });
  const other = await subject.api.conversations.create({});
  await subject.api.conversations(other.sid).participants.create({ identity: 'carla' });
  expect((await subject.api.users.list()).map(({ identity }) => identity)).toEqual(['agent', 'carla']);
});

test('keeps the users of services apart', async () => {
  const { sid } = await subject.api.services.create({ friendlyName: 'Second' });
  const there = subject.api.services(sid).users;
  expect(await there.list()).toEqual([]);
  await there.create({ identity: 'agent' });
  expect((await there('agent').fetch()).chatServiceSid).toBe(sid);
  expect(await subject.api.users.list()).toHaveLength(1);
});

describe('participant conversations', () => {
  const found = async (query: object) =>
    (await subject.api.participantConversations.list(query)).map(({ conversationSid }) => conversationSid);

  test('are found by identity or by address, in whatever state', async () => {
    const other = await subject.api.conversations.create({
      friendlyName: 'Other',
      attributes: '{"tier":"gold"}',
    });
    const { sid } = await subject.api.conversations(other.sid).participants.create({ identity: 'agent' });
    await subject.api.conversations(other.sid).update({ state: 'closed' });
    const agent = await subject.api.users('agent').fetch();

    expect(await found({ identity: 'agent' })).toEqual([DEMO, other.sid]);
    expect(await found({ address: '+15005550006' })).toEqual([DEMO]);
    expect(await found({ address: '+15005550007' })).toEqual([]);
    expect(await found({ identity: 'agent', address: '+15005550006' })).toEqual([]);

    const [byAddress] = await subject.api.participantConversations.list({ address: '+15005550006' });
    expect(byAddress).toMatchObject({
      participantUserSid: null,
      participantIdentity: null,
      participantMessagingBinding: { type: 'sms', address: '+15005550006', proxy_address: '+15005550001' },
      conversationUniqueName: 'demo',
    });
    expect((await subject.api.participantConversations.list({ identity: 'agent' }))[1]).toMatchObject({
      participantSid: sid,
      participantUserSid: agent.sid,
      participantIdentity: 'agent',
      participantMessagingBinding: null,
      conversationFriendlyName: 'Other',
      conversationAttributes: '{"tier":"gold"}',
      conversationState: 'closed',
      links: {
        conversation: `${subject.origin}/v1/Conversations/${other.sid}`,
        participant: `${subject.origin}/v1/Conversations/${other.sid}/Participants/${sid}`,
      },
    });
  });

  test('are paged in the order in which the participants were added', async () => {
    const { body } = await subject.control('POST', '/seed', { conversations: 60 });
    await subject.api.conversations(DEMO).participants('agent').remove();
    await subject.api.conversations(DEMO).participants.create({ identity: 'agent' });
    expect(await found({ identity: 'agent', pageSize: 20 })).toEqual([...body.conversations, DEMO]);
    const { meta } = (await subject.raw('GET', '/v1/ParticipantConversations?Identity=agent&PageSize=99'))
      .body;
    expect(meta).toMatchObject({ page_size: 50, key: 'conversations' });
  });

  test('are those of one service', async () => {
    const { sid } = await subject.api.services.create({ friendlyName: 'Second' });
    const there = subject.api.services(sid).participantConversations;
    expect(await there.list({ identity: 'agent' })).toEqual([]);
    expect(
      await subject.api.services(DEFAULT_SERVICE_SID).participantConversations.list({ identity: 'agent' }),
    ).toHaveLength(1);
  });

  test('need somebody to be searched for', async () => {
    expect(await refusal(subject.api.participantConversations.list())).toMatchObject({
      status: 400,
      code: 20001,
    });
  });
});
