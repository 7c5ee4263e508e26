import type { EmulatorContext } from '../../context';
import type { Address, AutoCreation } from '../../state/addresses';
import { refuse } from '../../twilio/errors';
import { Params } from '../params';
import { readConfiguration } from './webhook-params';

const PATTERNS = { sms: /^\+?\d{3,15}$/, whatsapp: /^whatsapp:\+[1-9]\d{1,14}$/ };

export function readAddress(params: Params): Pick<Address, 'type' | 'address' | 'country'> {
  const type = required(params, 'Type').toLowerCase();
  if (type !== 'sms' && type !== 'whatsapp') {
    return refuse(20001, `Type must be sms or whatsapp, not "${type}"; the emulator has no other`);
  }
  const address = required(params, 'Address');
  if (!PATTERNS[type].test(address)) {
    const example = type === 'sms' ? '+15005550001' : 'whatsapp:+15005550001';
    refuse(20001, `Address must be an address of Type ${type} such as ${example}, not "${address}"`);
  }
  const country = params.string('AddressCountry') ?? null;
  if (country !== null && !/^[A-Z]{2}$/.test(country)) {
    refuse(20001, `AddressCountry must be two letters such as US, not "${country}"`);
  }
  return { type, address, country };
}

export function readFriendlyName(params: Params): string | undefined {
  const name = params.string('FriendlyName');
  return name !== undefined && name.length > 256 ? refuse(50003) : name;
}

/** What is left out keeps its value, unless the type changes. */
export function readAutoCreation(
  context: EmulatorContext,
  params: Params,
  before?: AutoCreation,
): AutoCreation {
  const type = params.string('AutoCreation.Type') || (before?.type ?? 'default');
  if (type !== 'webhook' && type !== 'studio' && type !== 'default') {
    return refuse(20001, `AutoCreation.Type must be webhook, studio or default, not "${type}"`);
  }
  const known = type === before?.type ? (before.configuration ?? undefined) : undefined;
  return {
    enabled: params.boolean('AutoCreation.Enabled', 20001) ?? before?.enabled ?? false,
    type,
    serviceSid: readService(context, params) ?? before?.serviceSid ?? null,
    configuration:
      type === 'default' ? null : readConfiguration(type, asWebhook(params), context.options, known),
    studioRetryCount: params.integer('AutoCreation.StudioRetryCount', 20001) ?? before?.studioRetryCount ?? 0,
  };
}

const NAMES = {
  WebhookUrl: 'Url',
  WebhookMethod: 'Method',
  WebhookFilters: 'Filters',
  StudioFlowSid: 'FlowSid',
};

// Read as a webhook, so that the same rules and error codes apply.
function asWebhook(params: Params): Params {
  const entries = new URLSearchParams();
  for (const [ours, theirs] of Object.entries(NAMES)) {
    for (const value of params.array(`AutoCreation.${ours}`) ?? []) {
      entries.append(`Configuration.${theirs}`, value);
    }
  }
  return new Params(entries);
}

function readService({ store }: EmulatorContext, params: Params): string | undefined {
  const sid = params.string('AutoCreation.ConversationServiceSid');
  return sid === undefined || store.services.has(sid) ? sid : refuse(50050);
}

const required = (params: Params, name: string) =>
  params.string(name) || refuse(20001, `Missing required parameter ${name} in the post body`);
