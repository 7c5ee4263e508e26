import { MAX_WEBHOOKS } from '../lib/limits';
import type { Webhook } from '../webhooks/webhook';
import type { Decision } from './decide';
import type { DesiredState } from './desired-state';
import { hashOf, ROUTER, type WebhooksByName } from './managed-webhooks';
import { adoptedState, decidedState } from './next-state';
import { freeSlot, plan, type Step, type Wanted, type WebhookStep } from './plan';
import type { RunState } from './run-state';
import type { Snapshot } from './snapshot';

/**
 * The steps of a decision: the router's, then those that the profile needs. A new router needs a slot: if none is free, a
 * managed webhook that is not in the profile makes room. Undefined if none can.
 */
export function decisionSteps(
  run: RunState,
  snapshot: Snapshot,
  desired: DesiredState,
  { decision, newest }: { decision: Decision & { readonly replay: number }; newest: number | undefined },
): Step[] | undefined {
  const { webhooks, router, groups } = snapshot;
  const { profile, routerReplay } = decision;
  const state = decidedState(snapshot, decision, desired, newest);
  const write = {
    step: 'write',
    webhook: ROUTER,
    state,
    decides: decision,
    why: `enters profile ${profile}`,
  } as const;
  const wanted = { profile, replay: state.Replay };
  if (router) return [{ ...write, sid: router.sid }, ...otherSteps(run, snapshot, desired, wanted)];
  const isFull = run.full || webhooks.length >= MAX_WEBHOOKS;
  const room = isFull ? freeSlot(groups, desired, profile, impossibleIn(run)) : undefined;
  if (isFull && !room) return undefined;
  const left = room ? withoutWebhook(groups, room.sid) : groups;
  const rest = plan(left, desired, {
    ...wanted,
    attached: webhooks.length + (room ? 0 : 1),
    impossible: impossibleIn(run),
  });
  return [...(room ? [room] : []), { ...write, replayAfter: routerReplay }, ...rest];
}

/** The steps by which today's policy takes over a router from another. */
export function adoptionSteps(
  run: RunState,
  snapshot: Snapshot,
  desired: DesiredState,
  profile: string,
  indexes: { readonly newest: number; readonly added: number | undefined },
): Step[] {
  const state = adoptedState(snapshot, profile, desired, indexes);
  const why = `takes over policy ${desired.policyHash}`;
  return [
    { step: 'write', webhook: ROUTER, sid: snapshot.router!.sid, state, why },
    ...otherSteps(run, snapshot, desired, { profile, replay: state.Replay }),
  ];
}

// A write of the router has its method and filters, too.
function otherSteps(...args: Parameters<typeof repairSteps>): WebhookStep[] {
  return repairSteps(...args).filter(({ step, webhook }) => step !== 'update' || webhook !== ROUTER);
}

/** The plan for a profile, without what Twilio refused and what this run has updated before. */
export function repairSteps(
  run: RunState,
  { groups, webhooks }: Snapshot,
  desired: DesiredState,
  wanted: Pick<Wanted, 'profile' | 'replay'>,
): WebhookStep[] {
  const attached = webhooks.length;
  const steps = plan(groups, desired, { ...wanted, attached, full: run.full, impossible: impossibleIn(run) });
  return steps.filter(
    (step) => step.step !== 'update' || !(run.updated.has(step.sid) || isRefusedUpdate(run, step.sid)),
  );
}

/**
 * Deletes what this run has created and the router does not name, since another version of the policy wrote it without having
 * seen that: nobody would recognize it any more.
 */
export function leftoverSteps(run: RunState, { groups, own }: Snapshot): WebhookStep[] {
  const known = new Set([...own.want, ...own.rest]);
  const impossible = impossibleIn(run);
  return [...groups].flatMap(([webhook, all]) =>
    all
      .filter((each) => run.created.has(each.sid) && !known.has(hashOf(each)) && !impossible.has(each.sid))
      .map(({ sid }) => ({ step: 'delete', webhook, sid, why: 'the router does not name it' }) as const),
  );
}

/** Names of webhooks whose create Twilio refused, and SIDs of those whose delete it refused. */
export function impossibleIn({ refusals }: RunState): ReadonlySet<string> {
  return new Set(
    refusals.flatMap(({ step }) => {
      if (step.step === 'create') return [step.webhook];
      return step.step === 'delete' ? [step.sid] : [];
    }),
  );
}

function isRefusedUpdate({ refusals }: RunState, sid: string): boolean {
  return refusals.some(({ step }) => step.step === 'update' && step.sid === sid);
}

function withoutWebhook(groups: WebhooksByName, sid: string): WebhooksByName {
  const left = new Map<string, [Webhook, ...Webhook[]]>();
  for (const [name, group] of groups) {
    const [oldest, ...younger] = group.filter((webhook) => webhook.sid !== sid);
    if (oldest) left.set(name, [oldest, ...younger]);
  }
  return left;
}
