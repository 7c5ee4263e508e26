import { requests } from './requests.mjs';

/** The number of ours whose unknown senders get a conversation. */
export const OUR_NUMBER = '+15005550001';

/**
 * What a deployment registers once on its account, here on the emulator: new conversations and the end of Studio
 * executions are told to the functions, and a message from a new number opens a conversation.
 */
export async function register(functions, variables) {
  const { post } = requests(variables);
  await post('/v1/Configuration/Webhooks', {
    PostWebhookUrl: `${functions}/events/conversation`,
    Method: 'POST',
    Filters: 'onConversationAdded',
  });
  const { sid } = await post('/v1/Sinks', {
    Description: 'conversation-webhooks',
    SinkType: 'webhook',
    SinkConfiguration: JSON.stringify({
      destination: `${functions}/events/studio`,
      method: 'POST',
      batch_events: true,
    }),
  });
  await post('/v1/Subscriptions', {
    Description: 'conversation-webhooks',
    SinkSid: sid,
    Types: JSON.stringify({ type: 'com.twilio.studio.flow.execution.ended' }),
  });
  await post('/v1/Configuration/Addresses', {
    Type: 'sms',
    Address: OUR_NUMBER,
    'AutoCreation.Enabled': 'true',
    'AutoCreation.Type': 'default',
  });
}
