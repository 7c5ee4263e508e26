import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Policy } from '../../src/policy/policy';
import { ruleName } from '../../src/policy/rule';
import { CliError } from '../errors';
import type { Terminal } from '../terminal';
import { describeConditions } from './conditions';
import { describeHours } from './hours';
import { type DiagramOptions, PAGE } from './options';
import { parsePolicySource, readText } from './read-policy';

const BEGIN = '<!-- npm run policy -- diagram --write: begin -->';
const END = '<!-- end of the diagram -->';

/** Prints the policy's diagram, or puts it into the page about policies. */
export function diagram({ policy: file, write }: DiagramOptions, { folder, out }: Terminal): number {
  const text = draw(parsePolicySource(readText(folder, file), file));
  if (!write) {
    out(text);
    return 0;
  }
  const page = readText(folder, PAGE);
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new CliError(`${PAGE} has no place for the diagram; add ${BEGIN} and ${END}`);
  const changed = `${page.slice(0, begin + BEGIN.length)}\n\`\`\`mermaid\n${text}\n\`\`\`\n${page.slice(end)}`;
  if (changed === page) out(`${PAGE} is up to date`);
  else {
    writeFileSync(resolve(folder, PAGE), changed);
    out(`${PAGE} has the new diagram`);
  }
  return 0;
}

interface Edge {
  readonly from: string | undefined;
  readonly to: string;
  readonly label: string;
}

/** The profiles with their webhooks, and the rules between them, in Mermaid's language. */
export function draw(policy: Policy): string {
  const { profiles } = policy;
  const names = Object.keys(profiles);
  const edges = edgesOf(policy);
  const reached = reachedFrom(undefined, edges);
  const unreachable = names.filter((name) => !reached.has(name));
  // Names may be words of Mermaid's, such as end.
  const id = (name: string | undefined) => (name === undefined ? '[*]' : `p${names.indexOf(name) + 1}`);
  const lines = [
    ...names.flatMap((name) => [
      `state "${name}" as ${id(name)}`,
      `${id(name)} : ${profiles[name]!.join(', ') || 'no webhooks'}`,
      ...(reached.has(name) ? [] : [`${id(name)} : unreachable by rules`]),
    ]),
    ...edges.map(({ from, to, label }) => `${id(from)} --> ${id(to)} : ${escapeLabel(label)}`),
    ...(unreachable.length > 0
      ? ['classDef unreachable stroke-dasharray: 4', `class ${unreachable.map(id).join(', ')} unreachable`]
      : []),
  ];
  return ['stateDiagram-v2', ...lines.map((line) => `  ${line}`)].join('\n');
}

function edgesOf({ rules, profiles }: Policy): Edge[] {
  return rules.flatMap((rule, i): Edge[] => {
    const { on, from, when, profile } = rule;
    const event = ['on', on, describeHours(rule)].filter(Boolean).join(' ');
    const label = `${ruleName(rule, i)}, ${event}${when ? `: ${describeConditions(when)}` : ''}`;
    if (on === 'onConversationAdded') return [{ from: undefined, to: profile, label }];
    // A rule to the current profile decides nothing.
    const starts = (from ?? Object.keys(profiles)).filter((name) => name !== profile);
    return starts.map((name) => ({ from: name, to: profile, label }));
  });
}

function reachedFrom(
  start: string | undefined,
  edges: readonly Edge[],
  reached = new Set<string>(),
): Set<string> {
  for (const { from, to } of edges) {
    if (from !== start || reached.has(to)) continue;
    reached.add(to);
    reachedFrom(to, edges, reached);
  }
  return reached;
}

/** Without what ends a label, or has a meaning in it. */
function escapeLabel(label: string): string {
  return label.replace(/[^\p{L}\p{N} .,:()/[\]_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
