import type { Delivery, RecordedEvent } from './types';

/** What the functions decided on an event: their response to its delivery, read leniently. */
export interface Decision {
  /** `new-conversation: → bot`, `nothing decided` or why. */
  title: string;
  rule: string | null;
  /** The profiles before and after, if a rule decided. */
  move: { from: string | null; to: string | null } | null;
  /** In words: steps, replay, the nearest rule. */
  details: string[];
  warnings: string[];
  /** Names of webhooks by SID, as far as the plan has them: also of webhooks that it deleted. */
  names: { sid: string; policy_name: string }[];
}

interface Response {
  result?: string;
  why?: string;
  rule?: string | number;
  profile?: string | null;
  previous_profile?: string | null;
  plan?: { step: string; webhook: string; sid?: string }[];
  replay?: number;
  nearest?: { rule: string | number; needs: string[] };
  warnings?: string[];
  policy?: string;
  message?: string;
  code?: number;
}

const STEPS: Record<string, string> = { endExecution: 'end the execution of' };

/** The last decision that a rule made, of these events, the newest first. */
export function lastMove(
  events: readonly RecordedEvent[],
  deliveries: ReadonlyMap<number, Delivery>,
): { rule: string; message: number | null } | undefined {
  for (const { webhooks, message_index } of events)
    for (const id of webhooks.flatMap(({ delivery_ids }) => delivery_ids)) {
      const delivery = deliveries.get(id);
      const decision = delivery && decisionOf(delivery);
      if (decision?.rule) return { rule: decision.rule, message: message_index };
    }
  return undefined;
}

/** Null if the response is not one of the functions'. */
export function decisionOf({ response }: Delivery): Decision | null {
  const body = parse(response?.body);
  if (body?.result === undefined || body.policy === undefined) return null;
  const { rule, profile = null, previous_profile = null, plan = [], replay, nearest, why } = body;
  const decided = rule !== undefined;
  const steps = plan.map(({ step, webhook }) => `${STEPS[step] ?? step} ${webhook}`);
  return {
    title: decided ? ruleName(rule) : steps.length > 0 ? 'repaired' : 'nothing decided',
    rule: decided ? ruleName(rule) : null,
    move: decided ? { from: previous_profile, to: profile } : null,
    details: [
      ...(steps.length > 0 ? [steps.join(', ')] : []),
      ...(replay === undefined ? [] : [`replay from message ${replay}`]),
      ...(!decided && steps.length === 0 && nearest === undefined && why !== undefined ? [why] : []),
      ...(nearest === undefined ? [] : [nearestWords(nearest)]),
    ],
    warnings: body.warnings ?? [],
    names: plan.flatMap(({ sid, webhook }) => (sid?.startsWith('WH') ? [{ sid, policy_name: webhook }] : [])),
  };
}

function nearestWords({ rule, needs }: { rule: string | number; needs: string[] }): string {
  return `nearest rule ${ruleName(rule)}: ${needs.join(', ')} ${needs.length === 1 ? 'does' : 'do'} not hold`;
}

const ruleName = (rule: string | number) => (typeof rule === 'number' ? `rules[${rule}]` : rule);

function parse(text = ''): Response | undefined {
  try {
    return Object(JSON.parse(text)) as Response;
  } catch {
    return undefined;
  }
}
