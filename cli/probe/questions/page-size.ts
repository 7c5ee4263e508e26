import { certain, forOption } from '../question';

export const pageSize = forOption('pageSizeTooLarge', {
  name: 'page-size',
  asks: 'whether a PageSize over the maximum is cut or refused',
  requests: 1,
  async ask({ api, conversation }) {
    const path = `${conversation.path}/Webhooks?PageSize=100`;
    const { status, code } = await api.request('GET', 'conversations', path);
    if (status < 400) return certain('cut', 'clamp');
    return certain(`refused: ${status}, error ${code}`, code === 20007 ? 'refuse' : undefined);
  },
});
