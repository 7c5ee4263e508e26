import type { Handler } from './runtime';

// What Twilio's page shows, put into a Function: a client of the runtime's, one request, its response.

const webhooks = (context: Parameters<Handler>[0], event: Parameters<Handler>[1]) =>
  context.getTwilioClient().conversations.v1.conversations(`${event.ConversationSid}`).webhooks;

/** Creates a webhook. */
export const handler: Handler = async (context, event, callback) => {
  try {
    const webhook = await webhooks(context, event).create({
      target: 'webhook',
      'configuration.url': `${event.Url}`,
      'configuration.method': 'post',
      'configuration.filters': [`${event.Filters}`],
    });
    callback(null, webhook.toJSON());
  } catch (error) {
    callback(error);
  }
};

/** Fetches one. */
export const fetchOne: Handler = async (context, event, callback) => {
  try {
    callback(null, (await webhooks(context, event)(`${event.Sid}`).fetch()).toJSON());
  } catch (error) {
    callback(error);
  }
};

/** Lists them. */
export const listAll: Handler = async (context, event, callback) => {
  try {
    callback(
      null,
      (await webhooks(context, event).list()).map((webhook) => webhook.toJSON()),
    );
  } catch (error) {
    callback(error);
  }
};
