import { DEMO, FLOW, useDemoConversation } from '../../support/emulator';

const { subject, sink, demo, say, attach } = useDemoConversation();

describe('ReplayAfter', () => {
  const bodies = async () => (await subject.deliveries()).map(({ params }) => [params.Index, params.Body]);
  beforeEach(async () => {
    for (const body of ['zero', 'one', 'two', 'three']) await say(body);
  });

  test('delivers that message and the later ones, in order and unchanged', async () => {
    const { sid } = await attach(['onMessageAdded'], { 'configuration.replayAfter': 1 });
    expect(await bodies()).toEqual([
      ['1', 'one'],
      ['2', 'two'],
      ['3', 'three'],
    ]);
    const [delivery] = await subject.deliveries(`?WebhookSid=${sid}`);
    expect(delivery?.params).toMatchObject({ EventType: 'onMessageAdded', Source: 'SMS', RetryCount: '0' });
  });

  test('delivers one after the other, even if each response is slow', async () => {
    const open: string[] = [];
    let most = 0;
    sink.respond = (_, response) => {
      open.push('');
      most = Math.max(most, open.length);
      setImmediate(() => {
        open.pop();
        response.end();
      });
    };
    await attach(['onMessageAdded'], { 'configuration.replayAfter': 0 });
    expect(await bodies()).toHaveLength(4);
    expect(most).toBe(1);
    expect(sink.requests.map(({ params }) => params.get('Index'))).toEqual(['0', '1', '2', '3']);
  });

  test('skips deleted messages', async () => {
    const [, one] = await demo().messages.list();
    await demo()
      .messages(one?.sid ?? '')
      .remove();
    await attach(['onMessageAdded'], { 'configuration.replayAfter': 0 });
    expect((await bodies()).map(([index]) => index)).toEqual(['0', '2', '3']);
  });

  test('delivers nothing beyond the last message, without the filter, or on update', async () => {
    await attach(['onMessageAdded'], { 'configuration.replayAfter': 4 });
    const { sid } = await attach(['onMessageRemoved'], { 'configuration.replayAfter': 0 });
    await demo()
      .webhooks(sid)
      .update({ 'configuration.filters': ['onMessageAdded'] });
    expect(await bodies()).toEqual([]);
  });

  test('respects keywords of a trigger, and starts a flow', async () => {
    await demo().webhooks.create({
      target: 'trigger',
      'configuration.url': sink.url,
      'configuration.triggers': ['o'],
      'configuration.replayAfter': 1,
    });
    expect((await bodies()).map(([index]) => index)).toEqual(['1', '2']);
    await demo().webhooks.create({
      target: 'studio',
      'configuration.flowSid': FLOW,
      'configuration.replayAfter': 2,
    });
    const [execution] = await subject.executions();
    expect(execution?.messages.map(({ Body }) => Body)).toEqual(['two', 'three']);
  });

  test('stops if its webhook is deleted', async () => {
    const { context } = subject;
    sink.respond = (_, response) => {
      context.store.conversations.get(DEMO)?.webhooks.clear();
      response.end();
    };
    await attach(['onMessageAdded'], { 'configuration.replayAfter': 0 });
    expect((await bodies()).map(([index]) => index)).toEqual(['0']);
  });
});
