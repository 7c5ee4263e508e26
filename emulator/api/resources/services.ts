import { addService, removeService } from '../../actions/services';
import { isoSeconds } from '../../state/clock';
import type { Service } from '../../state/records';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { defaultPageSize, page } from '../paging';
import { type ApiRequest, created, noContent, notFound, type Operation, ok } from '../request';

const create: Operation = (request) => {
  const friendlyName = request.params.string('FriendlyName');
  if (friendlyName === undefined || friendlyName === '') {
    return refuse(20001, 'Missing required parameter FriendlyName in the post body');
  }
  if (friendlyName.length > 256) refuse(50003);
  return created(print(request, addService(request.context, friendlyName)));
};

const fetch: Operation = (request) => ok(print(request, serviceOf(request)));

const remove: Operation = (request) => {
  removeService(request.context, serviceOf(request));
  return noContent;
};

const list: Operation = (request) =>
  page(
    request,
    [...request.context.store.services.values()],
    { ...defaultPageSize, key: 'services' },
    (service) => print(request, service),
  );

const serviceOf = (request: ApiRequest): Service =>
  request.context.store.services.get(request.pathParams.Sid ?? '') ?? notFound(request, 50050);

function print({ origin }: ApiRequest, service: Service) {
  const url = `${origin}/v1/Services/${service.sid}`;
  return {
    sid: service.sid,
    account_sid: ACCOUNT_SID,
    friendly_name: service.friendlyName,
    date_created: isoSeconds(service.dateCreated),
    date_updated: isoSeconds(service.dateUpdated),
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

export const services = { create, fetch, list, remove };
