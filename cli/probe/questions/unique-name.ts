import { certain, forOption } from '../question';

export const uniqueName = forOption('uniqueNameStatus', {
  name: 'unique-name',
  asks: 'the HTTP status of error 50353, a unique name that is taken',
  requests: 2,
  async ask({ api, conversation, cleanup }) {
    const path = conversation.path.replace(/\/[^/]*$/, '');
    const form = { UniqueName: conversation.uniqueName };
    const { status, code, body } = await api.request('POST', 'conversations', path, form);
    if (status < 400) {
      cleanup.add(`conversation ${body.sid}`, (api) => api.remove('conversations', `${path}/${body.sid}`));
      return certain('two conversations may have it');
    }
    const isKnown = code === 50353 && (status === 409 || status === 400);
    return certain(`${status}, error ${code}`, isKnown ? status : undefined);
  },
});
