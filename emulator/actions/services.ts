import { type EmulatorContext, newRecord } from '../context';
import { OrderedMap } from '../state/ordered-map';
import type { Conversation, Service } from '../state/records';
import { emptyWebhookSettings } from '../state/store';
import { forgetConversation } from './conversations';

export function addService(context: EmulatorContext, friendlyName: string, sid?: string): Service {
  const record = newRecord(context, 'IS');
  const service: Service = {
    ...record,
    sid: sid ?? record.sid,
    friendlyName,
    settings: emptyWebhookSettings(),
    conversations: new OrderedMap<Conversation>(),
    byUniqueName: new Map(),
    users: new Map(),
    byIdentity: new Map(),
  };
  context.store.services.set(service.sid, service);
  context.changes.emit({ type: 'settings' });
  return service;
}

/** Its conversations are gone too, and no webhook gets to know. */
export function removeService(context: EmulatorContext, service: Service): void {
  for (const conversation of service.conversations.values()) forgetConversation(context, conversation);
  context.store.services.delete(service.sid);
  context.changes.emit({ type: 'settings' });
}
