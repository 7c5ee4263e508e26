import type { Binding, Conversation, Service, WebhookSettings } from './records';

export const emptyWebhookSettings = (): WebhookSettings => ({
  preWebhookUrl: null,
  postWebhookUrl: null,
  filters: null,
  method: null,
  target: 'webhook',
});

/** Everything that the account owns, indexed so that no look-up walks over all conversations. */
export class Store {
  settings = emptyWebhookSettings();
  readonly services = new Map<string, Service>();
  readonly conversations = new Map<string, Conversation>();
  /** Address and proxy address → the conversation that has the pair. */
  readonly byAddressPair = new Map<string, Conversation>();
  /** The last one that a record got. */
  serial = 0;

  nextSerial(): number {
    this.serial += 1;
    return this.serial;
  }
}

/** By SID or unique name, as every path takes it. */
export function findConversation(service: Service, key: string): Conversation | undefined {
  return service.conversations.get(key) ?? service.byUniqueName.get(key);
}

/** What inbound messages are matched by; null if there are not two addresses. */
export const addressPair = (binding: Binding | null) =>
  binding?.address && binding.proxyAddress ? `${binding.address} ${binding.proxyAddress}` : null;
