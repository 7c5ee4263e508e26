import { type DesiredState, namesByIdentity } from '../../src/sync/desired-state';
import { groupByName } from '../../src/sync/managed-webhooks';
import { plan } from '../../src/sync/plan';
import type { Definition } from '../../src/webhooks/definition';
import { routerDefinition } from '../../src/webhooks/router';
import type { Webhook } from '../../src/webhooks/webhook';
import { FakeConversation } from '../../test/support/conversation';
import { routerState, site } from '../../test/support/desired-state';
import { interleave, ratio, spread } from '../measure';
import type { Part } from '../part';
import { figure, type Section, times } from '../table';

interface Case {
  readonly label: string;
  readonly desired: DesiredState;
  readonly attached: readonly Webhook[];
}

const FEW = policyOf(8);
const MANY = policyOf(200);
const CASES: readonly Case[] = [
  { label: 'five, all as they should be', desired: FEW, attached: attach(FEW, ['w4', 'w5', 'w6', 'w7']) },
  { label: 'five, none of them wanted', desired: FEW, attached: attach(FEW, ['w0', 'w1', 'w2', 'w3']) },
  {
    label: 'five, one of them four times',
    desired: FEW,
    attached: attach(FEW, ['w4', 'w4', 'w4', 'w4']),
  },
  {
    label: 'five, none of them wanted; 200 in the policy',
    desired: MANY,
    attached: attach(MANY, ['w196', 'w197', 'w198', 'w199']),
  },
];

/** How long the decision takes what to do, beside the least that comes before it: reading the list that it rests on. */
export const planner: Part = async ({ quick }) => {
  const rounds = quick ? 5 : 31;
  const batch = quick ? 50 : 200;
  const rows: string[][] = [];
  for (const { label, desired, attached } of CASES) {
    const text = JSON.stringify({ meta: { page: 0, page_size: 5, key: 'webhooks' }, webhooks: attached });
    const planned = () => {
      const wanted = { profile: 'wanted', replay: 0, attached: attached.length };
      return plan(groupByName(attached, desired), desired, wanted);
    };
    const measured = await interleave(rounds, {
      plan: () => timeOf(batch, planned),
      parse: () => timeOf(batch, () => JSON.parse(text)),
    });
    const { median } = spread(measured.plan);
    rows.push([
      label,
      `${planned().length}`,
      times(ratio(measured.plan, measured.parse)),
      figure((1_000 * batch) / median),
    ]);
  }
  const section: Section = {
    title: 'The planner',
    meaning: `The time from attached webhooks to the steps of a plan, as a part of the time that \`JSON.parse\` takes for the same list: medians of ${rounds} rounds of ${batch} plans each. "Plans per second" is that of this machine.`,
    head: ['attached', 'steps', 'plan / JSON.parse', 'plans per second'],
    rows,
  };
  return [section];
};

/** A policy of so many webhooks. */
function policyOf(count: number): DesiredState {
  const listener = (name: string): Definition => ({
    target: 'webhook',
    url: `https://${name}.example/in?tenant=1`,
    method: 'post',
    filters: ['onMessageAdded', 'onDeliveryUpdated'],
  });
  const names = Array.from({ length: count }, (_, index) => `w${index}`);
  const webhooks = Object.fromEntries(names.map((name) => [name, listener(name)]));
  const formerDomains = ['old-1.twil.io'];
  return {
    webhooks,
    names: namesByIdentity(webhooks, site, formerDomains),
    profiles: { wanted: ['w4', 'w5', 'w6', 'w7'] },
    formerProfiles: {},
    policyHash: 'policy',
    router: { site, formerDomains, filters: ['onMessageAdded'] },
  };
}

function attach({ webhooks, router }: DesiredState, names: readonly string[]): readonly Webhook[] {
  const conversation = new FakeConversation();
  conversation.plant(routerDefinition(routerState('before'), router));
  for (const name of names) conversation.plant(webhooks[name]!);
  return conversation.webhooks;
}

function timeOf(batch: number, work: () => unknown): number {
  const began = performance.now();
  for (let done = 0; done < batch; done++) work();
  return performance.now() - began;
}
