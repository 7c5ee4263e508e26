import { born } from '../../context';
import type { Address, AutoCreation } from '../../state/addresses';
import { wholeSeconds } from '../../state/clock';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { page } from '../paging';
import { type Call, created, gone, missing, type Operation, ok } from '../request';
import { readAddress, readAutoCreation, readFriendlyName } from './address-params';

export const createAddress: Operation = (call) => {
  const { world, form } = call;
  const wanted = readAddress(form);
  const friendlyName = readFriendlyName(form) ?? null;
  const autoCreation = readAutoCreation(world, form);
  if (world.addresses.find(wanted.address) !== undefined) {
    refuse(20409, `There is a configuration of ${wanted.address} already`);
  }
  const address: Address = { ...born(world, 'IG'), ...wanted, friendlyName, autoCreation };
  world.addresses.add(address);
  return created(print(call, address));
};

export const fetchAddress: Operation = (call) => ok(print(call, addressOf(call)));

export const updateAddress: Operation = (call) => {
  const { world, form } = call;
  const address = addressOf(call);
  const friendlyName = readFriendlyName(form) ?? address.friendlyName;
  const autoCreation = readAutoCreation(world, form, address.autoCreation);
  Object.assign(address, { friendlyName, autoCreation, dateUpdated: world.clock.now() });
  return ok(print(call, address));
};

/** The conversations it created stay as they are. */
export const deleteAddress: Operation = (call) => {
  call.world.addresses.remove(addressOf(call));
  return gone;
};

export const listAddresses: Operation = (call) => {
  const type = call.query.get('Type')?.toLowerCase();
  const addresses = call.world.addresses
    .all()
    .filter((address) => type === undefined || address.type === type);
  const rules = { key: 'address_configurations', default: 50, max: 50 };
  return page(call, addresses, rules, (address) => print(call, address));
};

const addressOf = (call: Call): Address => call.world.addresses.find(call.parts.Sid ?? '') ?? missing(call);

const print = ({ origin }: Call, address: Address) => ({
  sid: address.sid,
  account_sid: ACCOUNT_SID,
  type: address.type,
  address: address.address,
  friendly_name: address.friendlyName,
  address_country: address.country,
  auto_creation: printAutoCreation(address.autoCreation),
  date_created: wholeSeconds(address.dateCreated),
  date_updated: wholeSeconds(address.dateUpdated),
  url: `${origin}/v1/Configuration/Addresses/${address.sid}`,
});

// In Twilio's examples the method comes back in upper case, and a service that was not named does not come at all.
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
