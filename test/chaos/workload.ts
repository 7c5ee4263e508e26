import { numbers } from '../../emulator/state/random';

/** What somebody does to one of the conversations, or to all of them. */
export type Operation =
  | { readonly do: 'deploy' }
  | { readonly do: 'be silent'; readonly seconds: number }
  | ConversationOperation;

export type ConversationOperation =
  | { readonly do: 'attach'; readonly conversation: number; readonly times: number }
  | { readonly do: 'detach'; readonly conversation: number }
  | { readonly do: 'hand over'; readonly conversation: number; readonly profile: 'bot' | 'agent' }
  | { readonly do: 'sync'; readonly conversation: number }
  | { readonly do: 'write'; readonly conversation: number; readonly body: string };

/** Without end; the same for the same seed. */
export function* workload(seed: number, conversations: number): Generator<Operation> {
  const draw = numbers(`chaos ${seed}`);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)]!;
  for (;;) {
    const conversation = Math.floor(draw() * conversations);
    const event = draw();
    if (event < 0.015) yield { do: 'deploy' };
    else if (event < 0.02) yield { do: 'be silent', seconds: pick([10, 130, 3_600]) };
    const kind = draw();
    if (kind < 0.25) yield { do: 'attach', conversation, times: pick([1, 1, 2, 3]) };
    else if (kind < 0.4) yield { do: 'detach', conversation };
    else if (kind < 0.55) yield { do: 'hand over', conversation, profile: pick(['bot', 'agent'] as const) };
    else if (kind < 0.6) yield { do: 'sync', conversation };
    else
      yield { do: 'write', conversation, body: pick(['hello', 'hello', 'I need a human', 'this is urgent']) };
  }
}
