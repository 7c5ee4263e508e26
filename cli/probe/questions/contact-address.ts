import { certain, forOption } from '../question';
import { EXECUTION, startExecution } from '../studio';

export const contactAddress = forOption('contactChannelAddress', {
  name: 'contact-address',
  asks: 'what contact_channel_address of an execution holds',
  needs: ['flow', 'customer'],
  ...EXECUTION,
  requests: 3 + EXECUTION.requests,
  async ask(session) {
    const { customer = '', number = '' } = session.settings;
    const conversation = await session.createConversation({ flow: session.flow });
    await session.api.expect('POST', 'conversations', `${conversation.path}/Participants`, {
      'MessagingBinding.Address': customer,
      'MessagingBinding.ProxyAddress': number,
    });
    // The customer's own message, which is not sent to the customer.
    const { contactChannelAddress: address } = await startExecution(session, conversation, customer);
    if (address === conversation.sid) return certain("the conversation's SID", 'conversation');
    if (address === customer) return certain("the customer's address", 'customer');
    return certain(typeof address === 'string' && address !== '' ? `${address}` : 'nothing');
  },
});
