import { ROUTER_PATH } from '../../../src/webhooks/router';
import { isOneOf, urlForDisplay } from '../plan-settings';
import { ADDED, type Settings } from '../step';
import type { Check, Finding } from './finding';

/** How setup is run for this deployment. */
export type SetupCommand = (...flags: string[]) => string;

export interface Service {
  readonly sid: string;
  readonly settings: Settings;
}

export interface Address {
  readonly sid: string;
  readonly type: string;
  readonly address: string;
  /** Where it creates conversations; undefined if it creates none. */
  readonly service: string | undefined;
}

/** The deployment that should be called. */
interface Place {
  readonly origin: string;
  /** Where it was before. */
  readonly formerDomains: readonly string[];
  readonly setup: SetupCommand;
}

interface AccountFacts {
  readonly place: Place;
  readonly account: Settings;
}

interface ServiceFacts extends AccountFacts {
  /** All of them, or the one of `--service`. */
  readonly services: readonly Service[];
  readonly addresses: readonly Address[];
}

export const accountWebhook: Check<AccountFacts> = {
  code: 'account-webhook',
  healthy: `the account's post-event webhook calls this deployment for ${ADDED}`,
  find({ place, account }) {
    const issue = issueOf(account, place);
    return issue === undefined
      ? []
      : [
          {
            detail: `the account's post-event webhook ${issue}`,
            remedy: place.setup(...replaceFlag(account, place)),
          },
        ];
  },
};

/**
 * Twilio calls the post-event webhook of the conversation's service if it has one, and the account's only if it has none. So a service
 * needs the webhook where it has one of its own, or where the account's does not call this deployment.
 */
export const serviceWebhook: Check<ServiceFacts & { readonly only: boolean }> = {
  code: 'service-webhook',
  healthy: "each service has the webhook, or none of its own, and then Twilio calls the account's",
  find(facts) {
    const { place, account, services, only } = facts;
    const reported = shadowed(facts).map(({ service }) => service.sid);
    return services.flatMap(({ sid, settings }): Finding[] => {
      const own = settings.url !== '';
      // Without --service, what is wrong with the account's is a finding of its own.
      if (reported.includes(sid) || !(own || only)) return [];
      const issue = issueOf(own ? settings : account, place);
      if (issue === undefined) return [];
      return [
        {
          detail: own
            ? `service ${sid} has a post-event webhook of its own, which Twilio calls in place of the account's; it ${issue}`
            : `service ${sid} has no post-event webhook, and the account's, which Twilio calls then, ${issue}`,
          remedy: place.setup('--service', sid, ...replaceFlag(settings, place)),
          service: sid,
        },
      ];
    });
  },
};

export const address: Check<ServiceFacts> = {
  code: 'address',
  healthy: "no address creates conversations in a service whose own webhook shadows the account's",
  find: (facts) =>
    shadowed(facts).map(({ address: { type, address, sid }, service }) => ({
      detail: `${type} address ${address} creates conversations in service ${service.sid}, whose own post-event webhook, ${urlForDisplay(service.settings.url)}, shadows the account's`,
      remedy: `${facts.place.setup('--service', service.sid, ...replaceFlag(service.settings, facts.place))}; or give the address another service in the Twilio Console`,
      address: sid,
      service: service.sid,
    })),
};

/** Addresses that create conversations in services whose own webhook is not this deployment's. */
function shadowed({ place, services, addresses }: ServiceFacts): { address: Address; service: Service }[] {
  const theirs = services.filter(({ settings }) => settings.url !== '' && !isOurs(settings, place));
  return addresses.flatMap((address) => {
    const service = theirs.find(({ sid }) => sid === address.service);
    return service ? [{ address, service }] : [];
  });
}

/** Why a webhook brings no conversation in; undefined if it does. */
function issueOf(settings: Settings, place: Place): string | undefined {
  const { url, filters } = settings;
  if (url === '') return 'is not set';
  if (isFormer(settings, place)) return `is ${urlForDisplay(url)}, on a former domain`;
  if (!isOurs(settings, place)) return `is ${urlForDisplay(url)}, which is not this deployment's`;
  return filters.includes(ADDED) ? undefined : `is not called for ${ADDED}`;
}

function replaceFlag(settings: Settings, place: Place): string[] {
  const { url } = settings;
  return url === '' || isOurs(settings, place) || isFormer(settings, place) ? [] : ['--replace'];
}

const isOurs = ({ url }: Settings, { origin }: Place) => isOneOf(url, [origin + ROUTER_PATH]);

const isFormer = ({ url }: Settings, { formerDomains }: Place) =>
  isOneOf(
    url,
    formerDomains.map((host) => `https://${host}${ROUTER_PATH}`),
  );
