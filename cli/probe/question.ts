import type { OptionName, Options } from '../../emulator/state/options';
import type { Session } from './session';

/** What a question cannot be asked without. */
export type Need = 'receiver' | 'flow' | 'customer' | 'url' | 'authToken' | 'accountWebhook';

/** `certain`: a response says so. `likely`: it was seen, or was not seen within `--wait`. */
export type Certainty = 'certain' | 'likely';

export interface Answer<Value = string | number> {
  /** In words. */
  readonly result: string;
  /** Of the question's option; left out if none of its values is what Twilio does. */
  readonly value?: Value | undefined;
  readonly sure: Certainty;
}

export interface Question {
  readonly name: string;
  /** What is asked, as the plan and docs/emulator.md say it. */
  readonly asks: string;
  /** The emulator's option that the answer sets. */
  readonly option?: OptionName;
  readonly needs?: readonly Need[];
  /** The most API requests that it takes, cleaning up included. */
  readonly requests: number;
  readonly conversations?: number;
  readonly messages?: number;
  /** Events of its own that Twilio delivers, also to webhooks of the account and the service. */
  readonly events?: readonly string[];
  ask(session: Session): Promise<Answer>;
}

/** A question about an option, whose answer is one of its values. */
export const forOption = <Name extends OptionName>(
  option: Name,
  question: Omit<Question, 'option' | 'ask'> & { ask(session: Session): Promise<Answer<Options[Name]>> },
): Question => ({ ...question, option });

export const certain = <Value>(result: string, value?: Value): Answer<Value> => ({
  result,
  value,
  sure: 'certain',
});
export const likely = <Value>(result: string, value?: Value): Answer<Value> => ({
  result,
  value,
  sure: 'likely',
});
