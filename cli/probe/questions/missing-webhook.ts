import { certain, forOption } from '../question';

const MISSING = `WH${'0'.repeat(32)}`;

export const missingWebhook = forOption('notFoundCode', {
  name: 'missing-webhook',
  asks: 'the error code of a webhook that does not exist',
  requests: 1,
  async ask({ api, conversation }) {
    const path = `${conversation.path}/Webhooks/${MISSING}`;
    const { status, code } = await api.request('GET', 'conversations', path);
    const value = ({ 20404: 'generic', 50360: 'specific' } as const)[code ?? 0];
    return certain(`${status}, error ${code}`, value);
  },
});
