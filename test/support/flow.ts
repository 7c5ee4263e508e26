import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './programs';

/** A Studio flow's definition, as the Console exports and imports it. */
export interface Flow {
  readonly description: string;
  readonly states: readonly Widget[];
  readonly initial_state: string;
  readonly flags: { readonly allow_concurrent_calls: boolean };
}

export interface Widget {
  readonly name: string;
  readonly type: string;
  readonly transitions: readonly Transition[];
  readonly properties: Properties;
}

export interface Transition {
  readonly event: string;
  /** Absent: the flow ends here. */
  readonly next?: string;
  /** Of a split: all of them have to hold. */
  readonly conditions?: readonly Condition[];
}

export interface Condition {
  readonly friendly_name: string;
  readonly arguments: readonly string[];
  readonly type: string;
  readonly value: string;
}

export interface Pair {
  readonly key: string;
  readonly value: string;
}

interface Properties {
  readonly url?: string;
  readonly input?: string;
  readonly body?: string;
  readonly from?: string;
  readonly to?: string;
  readonly timeout?: string;
  readonly parameters?: readonly Pair[];
  readonly variables?: readonly Pair[];
}

const folder = join(root, 'flows');

/** The flows of flows/, by their names. */
export const flowNames = readdirSync(folder)
  .filter((file) => file.endsWith('.flow.json'))
  .map((file) => file.replace(/\.flow\.json$/, ''));

export const readFlow = (name: string): Flow =>
  JSON.parse(readFileSync(join(folder, `${name}.flow.json`), 'utf8'));

/** The widgets that an execution can come to from these, themselves included. */
export function reachable(flow: Flow, from: readonly (string | undefined)[]): Set<string> {
  const reached = new Set<string>();
  const open = [...from];
  while (open.length > 0) {
    const name = open.pop();
    if (name === undefined || reached.has(name)) continue;
    reached.add(name);
    const widget = flow.states.find((state) => state.name === name);
    open.push(...(widget?.transitions ?? []).map(({ next }) => next));
  }
  return reached;
}
