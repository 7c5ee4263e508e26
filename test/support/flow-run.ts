import type { Condition, Flow, Pair, Widget } from './flow';
import { pathsIn, render, resolve } from './liquid';

/** What a Run Function widget gets. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** The world of a flow: the functions it runs, and the conversation it writes to. */
export interface Surroundings {
  /** Rejects where no answer came in time. */
  run(url: string, form: Readonly<Record<string, string>>): Promise<Answer>;
  /** False where the message was not delivered. */
  send(body: string): Promise<boolean>;
}

type Fields = Readonly<Record<string, string>>;

// Studio stops an execution that goes round and round; how it counts is not quite known, so ours is the stricter.
const MOST_STEPS = 60;

/** One execution of a flow: walks from widget to widget as Studio does, until it waits for a reply or is at its end. */
export class FlowRun {
  /** The widgets that it came by, in order, each with the event that it went on by. */
  readonly steps: string[] = [];
  /** What it read and nobody had set: empty in Studio too, and seldom meant. */
  readonly unset: string[] = [];
  private readonly context: {
    trigger: { conversation: Fields };
    flow: { variables: Record<string, string>; channel: { address: string } };
    contact: { channel: { address: string } };
    widgets: Record<string, { parsed?: object; inbound?: Fields }>;
  };
  private at: Widget | undefined;

  constructor(
    private readonly flow: Flow,
    private readonly surroundings: Surroundings,
    message: Fields,
  ) {
    const address = `${message.ConversationSid}`;
    this.context = {
      trigger: { conversation: message },
      flow: { variables: {}, channel: { address } },
      contact: { channel: { address } },
      widgets: {},
    };
    this.at = this.widget(flow.initial_state);
  }

  get ended(): boolean {
    return this.at === undefined;
  }

  get variables(): Fields {
    return this.context.flow.variables;
  }

  begin(): Promise<void> {
    return this.go('incomingConversationMessage');
  }

  /** The customer has answered the question that it waits at. */
  reply(message: Fields): Promise<void> {
    if (this.at === undefined) throw new Error('a reply to a flow that has ended');
    this.context.widgets[this.at.name] = { inbound: message };
    return this.go('incomingMessage');
  }

  /** The customer has not answered in time. */
  timeOut(): Promise<void> {
    return this.go('timeout');
  }

  private async go(first: string): Promise<void> {
    for (let event: string | undefined = first; event !== undefined; ) {
      const from: Widget | undefined = this.at;
      if (from === undefined) throw new Error(`${event} of a flow that has ended`);
      this.steps.push(`${from.name} ${event}`);
      if (this.steps.length > MOST_STEPS) throw new Error(`in circles: ${this.steps.join(', ')}`);
      const transition = from.transitions.find(
        (way) => way.event === event && (way.conditions ?? []).every((condition) => this.holds(condition)),
      );
      if (transition === undefined) throw new Error(`${from.name} has no transition on ${event}`);
      this.at = transition.next === undefined ? undefined : this.widget(transition.next);
      event = this.at && (await this.execute(this.at));
    }
  }

  /** The event that a widget goes on by; none where it waits. */
  private async execute({ name, type, properties, transitions }: Widget): Promise<string | undefined> {
    switch (type) {
      case 'set-variables':
        Object.assign(this.context.flow.variables, this.rendered(properties.variables));
        return 'next';
      case 'split-based-on':
        return transitions.some(({ conditions }) => conditions?.every((condition) => this.holds(condition)))
          ? 'match'
          : 'noMatch';
      case 'send-message':
        return (await this.surroundings.send(this.render(`${properties.body}`))) ? 'sent' : 'failed';
      case 'send-and-wait-for-reply':
        return (await this.surroundings.send(this.render(`${properties.body}`)))
          ? undefined
          : 'deliveryFailure';
      case 'run-function':
        return this.runFunction(name, `${properties.url}`, this.rendered(properties.parameters));
      default:
        throw new Error(`${type} is not played here`);
    }
  }

  private async runFunction(name: string, url: string, form: Fields): Promise<string> {
    const answer = await this.surroundings.run(url, form).catch(() => undefined);
    if (answer === undefined) return 'fail';
    const parsed = answer.type?.startsWith('application/json') ? JSON.parse(answer.text) : undefined;
    // Only an object is parsed, and what an earlier run of the widget left stays.
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      this.context.widgets[name] = { parsed: { ...this.context.widgets[name]?.parsed, ...parsed } };
    return answer.status < 400 ? 'success' : 'fail';
  }

  private holds({ type, arguments: tested, value }: Condition): boolean {
    const [input] = tested.map((text) => this.render(text));
    switch (type) {
      case 'contains':
        return `${input}`.includes(value);
      case 'greater_than':
        return Number(input) > Number(value);
      case 'equal_to':
        return input === value;
      case 'is_blank':
        return input === '';
      case 'is_not_blank':
        return input !== '';
      default:
        throw new Error(`${type} is not played here`);
    }
  }

  private rendered(pairs: readonly Pair[] = []): Fields {
    return Object.fromEntries(pairs.map(({ key, value }) => [key, this.render(value)]));
  }

  private render(text: string): string {
    this.unset.push(...pathsIn(text).filter((path) => resolve(path, this.context) === undefined));
    return render(text, this.context);
  }

  private widget(name: string): Widget {
    const widget = this.flow.states.find((state) => state.name === name);
    if (widget === undefined) throw new Error(`there is no widget ${name}`);
    return widget;
  }
}
