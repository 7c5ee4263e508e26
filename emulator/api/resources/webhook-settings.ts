import type { WebhookSettings } from '../../state/records';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { otherPostEvents, preEvents, scopedEvents } from '../../twilio/event-types';
import type { Params } from '../params';
import { parseUrl } from '../parse-url';
import { type ApiRequest, type Operation, ok, scopeOf } from '../request';

const fetchAccount: Operation = (request) => ok(printAccount(request));

const updateAccount: Operation = (request) => {
  const { store, changes } = request.context;
  const target = request.params.string('Target') ?? store.settings.target;
  if (target !== 'webhook' && target !== 'flex')
    refuse(20001, `Target must be webhook or flex, not "${target}"`);
  store.settings = { ...readSettings(request.params, store.settings), target };
  changes.emit({ type: 'settings' });
  return ok(printAccount(request));
};

const fetchService: Operation = (request) => ok(printService(request));

const updateService: Operation = (request) => {
  const { service } = scopeOf(request);
  service.settings = readSettings(request.params, service.settings);
  request.context.changes.emit({ type: 'settings' });
  return ok(printService(request));
};

const events: string[] = [...preEvents, ...scopedEvents, ...otherPostEvents];

function readSettings(params: Params, before: WebhookSettings): WebhookSettings {
  const method = params.string('Method')?.toUpperCase() ?? before.method ?? 'POST';
  if (method !== 'GET' && method !== 'POST') refuse(50055, `Invalid webhook method: ${method}`);
  const filters = params.array('Filters')?.filter((filter) => filter !== '') ?? before.filters ?? [];
  const wrong = filters.find((filter) => !events.includes(filter));
  if (wrong !== undefined) refuse(50054, `Invalid webhook format: unknown event ${wrong}`);
  return {
    ...before,
    method,
    filters,
    preWebhookUrl: readUrl(params, 'PreWebhookUrl', before.preWebhookUrl),
    postWebhookUrl: readUrl(params, 'PostWebhookUrl', before.postWebhookUrl),
  };
}

// An empty string removes the URL.
function readUrl(params: Params, name: string, before: string | null): string | null {
  const url = params.string(name);
  if (url === undefined) return before;
  if (url === '') return null;
  return /^https?:\/\//i.test(url) && parseUrl(url) !== undefined
    ? url
    : refuse(50054, `Invalid webhook format: ${url}`);
}

function printAccount({ context, origin, path }: ApiRequest) {
  const { method, filters, ...settings } = context.store.settings;
  return {
    account_sid: ACCOUNT_SID,
    ...printUrls(settings),
    method: method ?? 'POST',
    filters: filters ?? [],
    target: settings.target,
    // The path that was requested: there are two.
    url: `${origin}/v1${path}`,
  };
}

// All null until it is set, as in the documentation.
function printService(request: ApiRequest) {
  const { service, root } = scopeOf(request);
  const { method, filters } = service.settings;
  return {
    account_sid: ACCOUNT_SID,
    chat_service_sid: service.sid,
    ...printUrls(service.settings),
    filters,
    method,
    url: `${root}/Configuration/Webhooks`,
  };
}

const printUrls = ({
  preWebhookUrl,
  postWebhookUrl,
}: Pick<WebhookSettings, 'preWebhookUrl' | 'postWebhookUrl'>) => ({
  pre_webhook_url: preWebhookUrl,
  post_webhook_url: postWebhookUrl,
});

export const accountSettings = { fetch: fetchAccount, update: updateAccount };

export const serviceSettings = { fetch: fetchService, update: updateService };
