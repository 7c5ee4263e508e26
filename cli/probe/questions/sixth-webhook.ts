import { MAX_WEBHOOKS } from '../../../src/lib/limits';
import { certain, forOption } from '../question';

export const sixthWebhook = forOption('tooManyWebhooksStatus', {
  name: 'sixth-webhook',
  asks: 'the HTTP status of error 50361, the sixth webhook',
  requests: 2 * (MAX_WEBHOOKS + 1),
  async ask(session) {
    for (let i = 0; i < MAX_WEBHOOKS; i++) await session.echoQuiet();
    const { status, code } = await session.attachQuiet();
    if (status < 400) return certain('a sixth webhook is accepted');
    const isKnown = code === 50361 && (status === 403 || status === 400);
    return certain(`${status}, error ${code}`, isKnown ? status : undefined);
  },
});
