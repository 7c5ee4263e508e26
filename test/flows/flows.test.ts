import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Flow, flowNames, readFlow } from '../support/flow';
import { DEMO_BUNDLE, root } from '../support/programs';
import { faultsOf } from './check';

// What Studio would refuse, or run into, looked for in the flows as they are shipped; and in flows that were spoilt, so that
// the looking is known to find it.

test('has two flows', () => {
  expect(flowNames.sort()).toEqual(['hand-off', 'keyword-monitor']);
});

describe.each(flowNames)('%s', (name) => {
  const flow = readFlow(name);

  test('has no issue', () => {
    expect(faultsOf(flow)).toEqual([]);
  });

  test('runs existing functions, with a placeholder for the host', () => {
    const paths = readdirSync(join(root, DEMO_BUNDLE, 'functions'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.protected.js'))
      .map((file) => `/${file.replace(/\.protected\.js$/, '')}`);
    const urls = flow.states.flatMap(({ properties }) => properties.url ?? []);
    expect(urls.length).toBeGreaterThan(0);
    for (const url of urls) expect(paths.map((path) => `https://YOUR-DOMAIN${path}`)).toContain(url);
  });

  test('has no account’s SIDs', () => {
    expect(JSON.stringify(flow)).not.toMatch(/\b[A-Z]{2}[0-9a-f]{32}\b/i);
  });

  test('reports any transition that leads astray or is unknown to its widget', () => {
    for (const [state, { name: from, transitions }] of flow.states.entries())
      for (const index of transitions.keys()) {
        const astray = structuredClone(flow) as Writable;
        astray.states[state].transitions[index].next = 'elsewhere';
        expect(faultsOf(astray)).toContain(`${from}: leads to elsewhere, which is not there`);
        const never = structuredClone(flow) as Writable;
        never.states[state].transitions[index].event = 'somethingElse';
        expect(faultsOf(never)).toContain(`${from}: somethingElse never happens`);
      }
  });

  test('reports any missing or duplicate widget', () => {
    for (const index of flow.states.keys()) {
      const fewer = structuredClone(flow) as Writable;
      fewer.states.splice(index, 1);
      expect(faultsOf(fewer)).not.toEqual([]);
      const more = structuredClone(flow) as Writable;
      more.states.push(structuredClone(more.states[index]));
      expect(faultsOf(more)).toContain(`${flow.states[index]!.name}: there are two of this name`);
    }
  });

  test('reports any missing transition', () => {
    for (const [state, { transitions }] of flow.states.entries())
      for (const transition of transitions.keys()) {
        // Of several matches one can be missing, and all that is left still be a flow.
        const { event } = transitions[transition]!;
        if (transitions.filter((other) => other.event === event).length > 1) continue;
        const broken = structuredClone(flow) as Writable;
        broken.states[state].transitions.splice(transition, 1);
        expect(faultsOf(broken)).toContain(`${flow.states[state]!.name}: no transition on ${event}`);
      }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: to be spoilt is to have no shape
type Writable = any;

const of = (flow: Writable, name: string) =>
  flow.states.find((state: { name: string }) => state.name === name);
const spoils: readonly [fault: string, spoil: (flow: Writable) => void][] = [
  ['initial_state is not the trigger', (flow) => (flow.initial_state = 'hand_off')],
  ['initial_state is not the trigger', (flow) => delete flow.initial_state],
  ['flags are missing', (flow) => delete flow.flags],
  ['description is missing', (flow) => (flow.description = '')],
  ['0 triggers, and not one', (flow) => (of(flow, 'Trigger').type = 'set-variables')],
  ['ask: nothing leads there', (flow) => (of(flow, 'enough').transitions[0].next = 'hand_off')],
  ['ask: make-http-call is no type that is known here', (flow) => (of(flow, 'ask').type = 'make-http-call')],
  ['hand_off: url is missing', (flow) => delete of(flow, 'hand_off').properties.url],
  ['hand_off: parameters is missing', (flow) => delete of(flow, 'hand_off').properties.parameters],
  ['hand_off: Profile twice', (flow) => (of(flow, 'hand_off').properties.parameters[0].key = 'Profile')],
  ['hand_off: a key is empty', (flow) => (of(flow, 'hand_off').properties.parameters[0].key = '')],
  ['hand_off: Profile is no text', (flow) => (of(flow, 'hand_off').properties.parameters[2].value = 1)],
  ['hand_off: two transitions on fail', (flow) => of(flow, 'hand_off').transitions.push({ event: 'fail' })],
  ['ask: from is missing', (flow) => delete of(flow, 'ask').properties.from],
  ['ask: body is empty', (flow) => (of(flow, 'ask').properties.body = '')],
  ['ask: timeout is no number of seconds', (flow) => (of(flow, 'ask').properties.timeout = 'an hour')],
  ['tell_handed: to is missing', (flow) => delete of(flow, 'tell_handed').properties.to],
  ['understand: input is missing', (flow) => delete of(flow, 'understand').properties.input],
  [
    'understand: a match without conditions',
    (flow) => delete of(flow, 'understand').transitions[1].conditions,
  ],
  [
    'understand: matches_regex is no condition that is known here',
    (flow) => (of(flow, 'understand').transitions[1].conditions[0].type = 'matches_regex'),
  ],
  [
    'understand: a condition without a value',
    (flow) => (of(flow, 'understand').transitions[1].conditions[0].value = ''),
  ],
  [
    'understand: a condition without a name',
    (flow) => delete of(flow, 'understand').transitions[1].conditions[0].friendly_name,
  ],
  [
    'understand: a condition on something else than the input',
    (flow) => (of(flow, 'understand').transitions[1].conditions[0].arguments = ['{{flow.variables.misses}}']),
  ],
  ['understand: conditions on noMatch', (flow) => (of(flow, 'understand').transitions[0].conditions = [])],
  [
    'first_words: nobody sets trigger.message.Body',
    (flow) => (of(flow, 'first_words').properties.variables[0].value = '{{trigger.message.Body}}'),
  ],
  [
    'asked_words: nobody sets widgets.aks.inbound.Body',
    (flow) => (of(flow, 'asked_words').properties.variables[0].value = '{{widgets.aks.inbound.Body}}'),
  ],
  [
    'asked_words: nobody sets widgets.ask.parsed.Body',
    (flow) => (of(flow, 'asked_words').properties.variables[0].value = '{{widgets.ask.parsed.Body}}'),
  ],
  [
    'count_miss: nobody sets flow.variables.miss',
    (flow) => (of(flow, 'count_miss').properties.variables[0].value = '{{flow.variables.miss | plus: 1}}'),
  ],
  [
    'ask: Liquid that cannot be read: {{flow.channel.address}',
    (flow) => (of(flow, 'ask').properties.from = '{{flow.channel.address}'),
  ],
  ['tell hours: a name that Liquid cannot read', (flow) => (of(flow, 'tell_hours').name = 'tell hours')],
];

test.each(spoils)('reports this issue of a flow: %s', (fault, spoil) => {
  const flow: Flow = readFlow('hand-off');
  spoil(flow);
  expect(faultsOf(flow)).toContain(fault);
});
