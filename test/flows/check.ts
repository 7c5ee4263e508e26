import { type Condition, type Flow, type Pair, reachable, type Widget } from '../support/flow';
import { isReadable, pathsIn } from '../support/liquid';

interface Kind {
  readonly events: readonly string[];
  /** Properties without which Studio refuses the flow (error 81022), or the widget does nothing. */
  readonly needs: readonly string[];
  /** What the widget leaves behind for others, below `widgets.NAME`. */
  readonly leaves?: string;
}

/**
 * The widgets that our flows are made of, as Twilio documents them: https://www.twilio.com/docs/studio/widget-library and
 * https://www.twilio.com/docs/studio/rest-api/v2/schemas.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  trigger: {
    events: [
      'incomingMessage',
      'incomingCall',
      'incomingConversationMessage',
      'incomingRequest',
      'incomingParent',
    ],
    needs: [],
  },
  'run-function': { events: ['success', 'fail'], needs: ['url', 'parameters'], leaves: 'parsed' },
  'send-and-wait-for-reply': {
    events: ['incomingMessage', 'timeout', 'deliveryFailure'],
    needs: ['body', 'from', 'timeout'],
    leaves: 'inbound',
  },
  'send-message': { events: ['sent', 'failed'], needs: ['body', 'from', 'to'] },
  'set-variables': { events: ['next'], needs: ['variables'] },
  'split-based-on': { events: ['match', 'noMatch'], needs: ['input'] },
};

const CONDITIONS = ['contains', 'equal_to', 'greater_than', 'is_blank', 'is_not_blank'];
const CONTEXT = ['flow.channel.address', 'contact.channel.address'];

/** What would keep this flow from being imported, or from doing what it says: a sentence each. */
export function faultsOf(flow: Flow): string[] {
  const faults = flow.states.flatMap((widget) =>
    faultsOfWidget(widget, flow).map((fault) => `${widget.name}: ${fault}`),
  );
  const names = flow.states.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    faults.push(`${name}: there are two of this name`);
  const triggers = flow.states.filter(({ type }) => type === 'trigger');
  if (triggers.length !== 1) faults.push(`${triggers.length} triggers, and not one`);
  if (triggers[0]?.name !== flow.initial_state) faults.push('initial_state is not the trigger');
  const reached = reachable(flow, [flow.initial_state]);
  for (const name of names) if (!reached.has(name)) faults.push(`${name}: nothing leads there`);
  if (typeof flow.flags?.allow_concurrent_calls !== 'boolean') faults.push('flags are missing');
  if (!flow.description) faults.push('description is missing');
  return faults;
}

function faultsOfWidget(widget: Widget, flow: Flow): string[] {
  const kind = KINDS[widget.type];
  if (kind === undefined) return [`${widget.type} is no type that is known here`];
  const faults: string[] = [];
  if (!/^[a-z]\w*$/i.test(widget.name)) faults.push('a name that Liquid cannot read');
  const events = widget.transitions.map(({ event }) => event);
  for (const event of kind.events) if (!events.includes(event)) faults.push(`no transition on ${event}`);
  for (const event of events) if (!kind.events.includes(event)) faults.push(`${event} never happens`);
  for (const [index, event] of events.entries())
    if (event !== 'match' && events.indexOf(event) !== index) faults.push(`two transitions on ${event}`);
  for (const { next } of widget.transitions)
    if (next !== undefined && !flow.states.some(({ name }) => name === next))
      faults.push(`leads to ${next}, which is not there`);
  for (const name of kind.needs) if (!(name in widget.properties)) faults.push(`${name} is missing`);
  const { parameters = [], variables = [], body, timeout } = widget.properties;
  for (const pairs of [parameters, variables]) faults.push(...faultsOfPairs(pairs));
  if (body === '') faults.push('body is empty');
  if (timeout !== undefined && !/^[1-9]\d*$/.test(timeout)) faults.push('timeout is no number of seconds');
  for (const { event, conditions } of widget.transitions)
    faults.push(...faultsOfConditions(event, conditions, widget.properties.input));
  for (const text of textsIn([widget.transitions, widget.properties])) {
    if (!isReadable(text)) faults.push(`Liquid that cannot be read: ${text}`);
    for (const path of pathsIn(text)) if (!isLeft(path, flow)) faults.push(`nobody sets ${path}`);
  }
  return faults;
}

function faultsOfPairs(pairs: readonly Pair[]): string[] {
  const keys = pairs.map(({ key }) => key);
  return pairs.flatMap(({ key, value }, index) => [
    ...(key ? [] : ['a key is empty']),
    ...(keys.indexOf(key) === index ? [] : [`${key} twice`]),
    ...(typeof value === 'string' ? [] : [`${key} is no text`]),
  ]);
}

function faultsOfConditions(
  event: string,
  conditions: readonly Condition[] | undefined,
  input: string | undefined,
): string[] {
  if (event !== 'match') return conditions === undefined ? [] : [`conditions on ${event}`];
  if (conditions === undefined || conditions.length === 0) return ['a match without conditions'];
  return conditions.flatMap((condition) => [
    ...(CONDITIONS.includes(condition.type) ? [] : [`${condition.type} is no condition that is known here`]),
    ...(condition.friendly_name ? [] : ['a condition without a name']),
    ...(condition.value ? [] : ['a condition without a value']),
    // The Console writes the input into each condition; Studio tests what stands in the condition.
    ...(condition.arguments?.join() === input ? [] : ['a condition on something else than the input']),
  ]);
}

function isLeft(path: string, { states }: Flow): boolean {
  const [root, name, what, ...rest] = path.split('.');
  if (root === 'trigger') return name === 'conversation' && what !== undefined && rest.length === 0;
  if (path.startsWith('flow.variables.'))
    return states.some(({ properties }) => properties.variables?.some(({ key }) => key === what));
  if (root !== 'widgets') return CONTEXT.includes(path);
  const widget = states.find((state) => state.name === name);
  return what !== undefined && KINDS[widget?.type ?? '']?.leaves === what && rest.length > 0;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
