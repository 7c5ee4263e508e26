import { newRecord } from '../../context';
import type { Address, AutoCreation } from '../../state/addresses';
import { isoSeconds } from '../../state/clock';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { page } from '../paging';
import { type ApiRequest, created, noContent, notFound, type Operation, ok } from '../request';
import { readAddress, readAutoCreation, readFriendlyName } from './address-params';

const create: Operation = (request) => {
  const { context, params } = request;
  const wanted = readAddress(params);
  const friendlyName = readFriendlyName(params) ?? null;
  const autoCreation = readAutoCreation(context, params);
  if (context.addresses.find(wanted.address) !== undefined) {
    refuse(20409, `${wanted.address} already has an address configuration`);
  }
  const address: Address = { ...newRecord(context, 'IG'), ...wanted, friendlyName, autoCreation };
  context.addresses.add(address);
  return created(print(request, address));
};

const fetch: Operation = (request) => ok(print(request, addressOf(request)));

const update: Operation = (request) => {
  const { context, params } = request;
  const address = addressOf(request);
  const friendlyName = readFriendlyName(params) ?? address.friendlyName;
  const autoCreation = readAutoCreation(context, params, address.autoCreation);
  Object.assign(address, { friendlyName, autoCreation, dateUpdated: context.clock.now() });
  return ok(print(request, address));
};

/** The conversations that it created stay. */
const remove: Operation = (request) => {
  request.context.addresses.remove(addressOf(request));
  return noContent;
};

const list: Operation = (request) => {
  const type = request.query.get('Type')?.toLowerCase();
  const addresses = request.context.addresses
    .all()
    .filter((address) => type === undefined || address.type === type);
  const rules = { key: 'address_configurations', default: 50, max: 50 };
  return page(request, addresses, rules, (address) => print(request, address));
};

const addressOf = (request: ApiRequest): Address =>
  request.context.addresses.find(request.pathParams.Sid ?? '') ?? notFound(request);

const print = ({ origin }: ApiRequest, address: Address) => ({
  sid: address.sid,
  account_sid: ACCOUNT_SID,
  type: address.type,
  address: address.address,
  friendly_name: address.friendlyName,
  address_country: address.country,
  auto_creation: printAutoCreation(address.autoCreation),
  date_created: isoSeconds(address.dateCreated),
  date_updated: isoSeconds(address.dateUpdated),
  url: `${origin}/v1/Configuration/Addresses/${address.sid}`,
});

// In Twilio's examples the method is in upper case, and a service that was not set is left out.
function printAutoCreation({ enabled, type, serviceSid, configuration, studioRetryCount }: AutoCreation) {
  const usual = { enabled, type, ...(serviceSid === null ? {} : { conversation_service_sid: serviceSid }) };
  if (type === 'studio') {
    return { ...usual, studio_flow_sid: configuration?.flowSid, studio_retry_count: studioRetryCount };
  }
  if (type === 'default') return usual;
  return {
    ...usual,
    webhook_url: configuration?.url,
    webhook_method: (configuration?.method ?? 'POST').toUpperCase(),
    webhook_filters: configuration?.filters,
  };
}

export const addresses = { create, fetch, list, update, remove };
