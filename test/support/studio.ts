import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { apiClient } from './api';
import { get, post } from './call';
import type { Flow } from './flow';
import { FlowRun } from './flow-run';
import { emulatorEnvironment } from './programs';

interface Execution {
  readonly sid: string;
  readonly trigger: { readonly conversation: Record<string, string> };
  readonly messages: readonly Record<string, string>[];
}

interface Played {
  readonly execution: string;
  readonly run: FlowRun;
  /** How many of its messages it has had. */
  heard: number;
}

/** Run Function's patience, in milliseconds. */
const PATIENCE = 10_000;

/**
 * What the emulator is not: a Studio whose flows run. It takes the executions that the emulator notes, walks the flow with
 * their messages, and tells the emulator of their end. Where a function is, as a widget names it, is not where it listens
 * here: `domain` is found at `gateway`, as by a name server.
 */
export class Studio {
  readonly played: Played[] = [];
  /** What the flows have written, as the customer reads it. */
  readonly written: string[] = [];

  constructor(
    private readonly emulator: string,
    private readonly flowSid: string,
    private readonly flow: Flow,
    private readonly functions: { readonly domain: string; readonly gateway: string },
  ) {}

  /** Plays until every flow waits or has ended, and nothing is under way. */
  async settle(): Promise<void> {
    for (let busy = true; busy; ) {
      await get(`${this.emulator}/_emulator/idle`);
      busy = false;
      for (const execution of await this.executions()) busy = (await this.play(execution)) || busy;
    }
  }

  /** Nobody has answered the flow that waits. */
  async timeOut(): Promise<void> {
    const waiting = this.played.find(({ run }) => !run.ended);
    if (waiting === undefined) throw new Error('no flow waits');
    await waiting.run.timeOut();
    await this.endIfEnded(waiting);
    await this.settle();
  }

  private async executions(): Promise<Execution[]> {
    const { body } = await get(`${this.emulator}/_emulator/executions`);
    const of = (execution: { flow_sid: string }) => execution.flow_sid === this.flowSid;
    return body.executions.filter(of);
  }

  private async play(execution: Execution): Promise<boolean> {
    let played = this.played.find((one) => one.execution === execution.sid);
    if (played === undefined) {
      const { conversation } = execution.trigger;
      const run = new FlowRun(this.flow, this.surroundings(conversation), conversation);
      played = { execution: execution.sid, run, heard: 1 };
      this.played.push(played);
      await run.begin();
      await this.endIfEnded(played);
      return true;
    }
    const message = execution.messages[played.heard];
    if (message === undefined || played.run.ended) return false;
    played.heard += 1;
    await played.run.reply(message);
    await this.endIfEnded(played);
    return true;
  }

  private async endIfEnded({ execution, run }: Played): Promise<void> {
    if (run.ended) await post(`${this.emulator}/_emulator/executions/${execution}/end`, {});
  }

  private surroundings({ ChatServiceSid = '', ConversationSid = '' }: Readonly<Record<string, string>>) {
    const { domain, gateway } = this.functions;
    const { messages } = apiClient(this.emulator).services(ChatServiceSid).conversations(ConversationSid);
    const { AUTH_TOKEN = '' } = emulatorEnvironment();
    return {
      async run(url: string, form: Readonly<Record<string, string>>) {
        const answer = await fetch(url.replace(domain, gateway), {
          method: 'POST',
          headers: { 'x-twilio-signature': getExpectedTwilioSignature(AUTH_TOKEN, url, form) },
          body: new URLSearchParams(form),
          signal: AbortSignal.timeout(PATIENCE),
        });
        const text = await answer.text();
        return { status: answer.status, type: answer.headers.get('content-type'), text };
      },
      send: (body: string) =>
        messages.create({ body, author: 'bot' }).then(
          () => this.written.push(body) > 0,
          () => false,
        ),
    };
  }
}
