import type { WebhookSettings } from '../../state/store';
import { ACCOUNT_SID } from '../../twilio/account';
import { refuse } from '../../twilio/errors';
import { otherPostEvents, preEvents, scopedEvents } from '../../twilio/event-types';
import type { Form } from '../params';
import { type Call, type Operation, ok, placeOf } from '../request';

export const fetchAccountSettings: Operation = (call) => ok(printAccount(call));

export const updateAccountSettings: Operation = (call) => {
  const { store } = call.world;
  const target = call.form.text('Target') ?? store.settings.target;
  if (target !== 'webhook' && target !== 'flex')
    refuse(20001, `Target takes webhook or flex, not "${target}"`);
  store.settings = { ...readSettings(call.form, store.settings), target };
  return ok(printAccount(call));
};

export const fetchServiceSettings: Operation = (call) => ok(printService(call));

export const updateServiceSettings: Operation = (call) => {
  const { service } = placeOf(call);
  service.settings = readSettings(call.form, service.settings);
  return ok(printService(call));
};

const events: string[] = [...preEvents, ...scopedEvents, ...otherPostEvents];

function readSettings(form: Form, before: WebhookSettings): WebhookSettings {
  const method = form.text('Method')?.toUpperCase() ?? before.method ?? 'POST';
  if (method !== 'GET' && method !== 'POST') refuse(50055, `Invalid webhook method: ${method}`);
  const filters = form.list('Filters')?.filter((filter) => filter !== '') ?? before.filters ?? [];
  const wrong = filters.find((filter) => !events.includes(filter));
  if (wrong !== undefined) refuse(50054, `Invalid webhook format: there is no event ${wrong}`);
  return {
    ...before,
    method,
    filters,
    preWebhookUrl: readUrl(form, 'PreWebhookUrl', before.preWebhookUrl),
    postWebhookUrl: readUrl(form, 'PostWebhookUrl', before.postWebhookUrl),
  };
}

// Empty text takes the URL away.
function readUrl(form: Form, name: string, before: string | null): string | null {
  const url = form.text(name);
  if (url === undefined) return before;
  if (url === '') return null;
  return /^https?:\/\//i.test(url) && URL.canParse(url)
    ? url
    : refuse(50054, `Invalid webhook format: ${url}`);
}

function printAccount({ world, origin }: Call) {
  const { method, filters, ...settings } = world.store.settings;
  return {
    account_sid: ACCOUNT_SID,
    ...printUrls(settings),
    method: method ?? 'POST',
    filters: filters ?? [],
    target: settings.target,
    url: `${origin}/v1/Configuration/Webhooks`,
  };
}

// One that was never set is all null: so shows the documentation.
function printService(call: Call) {
  const { service, root } = placeOf(call);
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
