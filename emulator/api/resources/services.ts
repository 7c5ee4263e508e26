import { born, type World } from '../../context';
import { wholeSeconds } from '../../state/clock';
import { type Service, unset } from '../../state/store';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { ordinary, page } from '../paging';
import { type Call, created, missing, type Operation, ok } from '../request';

export const createService: Operation = (call) => {
  const friendlyName = call.form.text('FriendlyName');
  if (friendlyName === undefined || friendlyName === '') {
    return refuse(20001, 'Missing required parameter FriendlyName in the post body');
  }
  if (friendlyName.length > 256) refuse(50003);
  return created(print(call, addService(call.world, friendlyName)));
};

export const fetchService: Operation = (call) =>
  ok(print(call, call.world.store.services.get(call.parts.Sid ?? '') ?? missing(call, 50050)));

export const listServices: Operation = (call) =>
  page(call, [...call.world.store.services.values()], { ...ordinary, key: 'services' }, (service) =>
    print(call, service),
  );

export function addService(world: World, friendlyName: string, sid?: string): Service {
  const record = born(world, 'IS');
  const service = {
    ...record,
    sid: sid ?? record.sid,
    friendlyName,
    settings: unset(),
    conversations: new Map(),
    names: new Map(),
  };
  world.store.services.set(service.sid, service);
  return service;
}

function print({ origin }: Call, service: Service) {
  const url = `${origin}/v1/Services/${service.sid}`;
  return {
    sid: service.sid,
    account_sid: ACCOUNT_SID,
    friendly_name: service.friendlyName,
    date_created: wholeSeconds(service.dateCreated),
    date_updated: wholeSeconds(service.dateUpdated),
    url,
    links: {
      conversations: `${url}/Conversations`,
      users: `${url}/Users`,
      roles: `${url}/Roles`,
      bindings: `${url}/Bindings`,
      configuration: `${url}/Configuration`,
      participant_conversations: `${url}/ParticipantConversations`,
      conversation_with_participants: `${url}/ConversationWithParticipants`,
    },
  };
}
