import { type EmulatorContext, newRecord } from '../context';
import type { Service } from '../state/records';
import { emptyWebhookSettings } from '../state/store';

export function addService(context: EmulatorContext, friendlyName: string, sid?: string): Service {
  const record = newRecord(context, 'IS');
  const service = {
    ...record,
    sid: sid ?? record.sid,
    friendlyName,
    settings: emptyWebhookSettings(),
    conversations: new Map(),
    byUniqueName: new Map(),
  };
  context.store.services.set(service.sid, service);
  return service;
}
